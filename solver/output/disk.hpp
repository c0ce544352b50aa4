/// Files on disk. Every failure is an EnvironmentError that names the file and the system's reason; nothing is lost silently, not even at close.
#pragma once
#include <cstdint>
#include <filesystem>
#include <string>

namespace winze::output {

/// One open file, read and written at byte positions.
class DiskFile {
 public:
  enum class Mode { read, write, create };  ///< write: an existing file is changed; create: made or emptied
  DiskFile(const std::filesystem::path& path, Mode mode);
  ~DiskFile();
  DiskFile(const DiskFile&) = delete;
  DiskFile& operator=(const DiskFile&) = delete;

  void read(std::int64_t position, void* bytes, std::size_t n) const;
  void write(std::int64_t position, const void* bytes, std::size_t n);
  std::int64_t size() const;
  void truncate(std::int64_t size);
  void sync();   ///< until the data are on the disk
  void close();  ///< network file systems report failed writes here; the destructor ignores them

 private:
  [[noreturn]] void fail(const char* what) const;
  std::filesystem::path path_;
  int descriptor_ = -1;
};

/// The whole file, or an error.
std::string read_text(const std::filesystem::path& path);
/// The name a file has while it is being written: its own with ".part" behind it.
std::filesystem::path part_of(const std::filesystem::path& path);
/// Renames `part` to `path`, replacing it in one step; both are on the disk when this returns.
void publish(const std::filesystem::path& part, const std::filesystem::path& path);
/// Readers see the old text or the new one, never a piece.
void replace_text(const std::filesystem::path& path, const std::string& text);
/// Creates the folder with its parents.
void make_folder(const std::filesystem::path& folder);
void remove_file(const std::filesystem::path& path);  ///< nothing happens if there is none

}  // namespace winze::output
