#include "output/disk.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"

namespace winze::output {
namespace {

EnvironmentError failure(const char* what, const std::filesystem::path& path, int reason) {
  const char* advice = "";
  if (reason == ENOSPC || reason == EDQUOT) advice = "; free space there or choose another folder with --out";
  if (reason == EFBIG) advice = "; raise the limit on file sizes (ulimit -f)";
  if (reason == EACCES || reason == EPERM || reason == EROFS) advice = "; choose a folder you may write to with --out";
  return EnvironmentError("{}: cannot {}: {}{}", path.string(), what, std::strerror(reason), advice);
}

void sync_folder(const std::filesystem::path& path) {
  const int descriptor = ::open(path.has_parent_path() ? path.parent_path().c_str() : ".", O_RDONLY);
  if (descriptor < 0) return;  // the rename itself has been done; some file systems do not open folders
  ::fsync(descriptor);
  ::close(descriptor);
}

}  // namespace

DiskFile::DiskFile(const std::filesystem::path& path, Mode mode) : path_(path) {
  const int flags = mode == Mode::read ? O_RDONLY : mode == Mode::write ? O_RDWR : O_RDWR | O_CREAT | O_TRUNC;
  descriptor_ = ::open(path.c_str(), flags | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(mode == Mode::read ? "open" : mode == Mode::write ? "open for writing" : "create");
}

DiskFile::~DiskFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void DiskFile::fail(const char* what) const { throw failure(what, path_, errno); }

void DiskFile::read(std::int64_t position, void* bytes, std::size_t n) const {
  char* to = static_cast<char*>(bytes);
  while (n > 0) {
    const ssize_t got = ::pread(descriptor_, to, n, position);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("read");
    if (got == 0) throw EnvironmentError("{}: ends before its data do; the file is damaged", path_.string());
    to += got, position += got, n -= std::size_t(got);
  }
}

void DiskFile::write(std::int64_t position, const void* bytes, std::size_t n) {
  const char* from = static_cast<const char*>(bytes);
  while (n > 0) {
    const ssize_t done = ::pwrite(descriptor_, from, n, position);
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) fail("write");
    from += done, position += done, n -= std::size_t(done);
  }
}

std::int64_t DiskFile::size() const {
  struct stat status;
  if (::fstat(descriptor_, &status) != 0) fail("examine");
  return status.st_size;
}

void DiskFile::truncate(std::int64_t size) {
  if (::ftruncate(descriptor_, size) != 0) fail("shorten");
}

void DiskFile::sync() {
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) fail("write");  // EINVAL: pipes and devices have nothing to wait for
}

void DiskFile::close() {
  const int descriptor = descriptor_;
  descriptor_ = -1;
  if (descriptor >= 0 && ::close(descriptor) != 0 && errno != EINTR) fail("write");
}

std::string read_text(const std::filesystem::path& path) {
  DiskFile file(path, DiskFile::Mode::read);
  std::string text(std::size_t(file.size()), '\0');
  file.read(0, text.data(), text.size());
  return text;
}

std::filesystem::path part_of(const std::filesystem::path& path) { return path.string() + ".part"; }

void publish(const std::filesystem::path& part, const std::filesystem::path& path) {
  {
    DiskFile file(part, DiskFile::Mode::write);
    file.sync();
    file.close();
  }
  if (::rename(part.c_str(), path.c_str()) != 0) throw failure("replace", path, errno);
  sync_folder(path);
}

void replace_text(const std::filesystem::path& path, const std::string& text) {
  const std::filesystem::path part = part_of(path);
  {
    DiskFile file(part, DiskFile::Mode::create);
    file.write(0, text.data(), text.size());
    file.close();
  }
  publish(part, path);
}

void make_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw failure("create the folder", folder, error.value());
}

void remove_file(const std::filesystem::path& path) {
  if (::unlink(path.c_str()) != 0 && errno != ENOENT) throw failure("remove", path, errno);
}

}  // namespace winze::output
