/// restart.h5: everything a run needs to go on. Arrays are kept in the order of FileOrder, so that any number of ranks reads what any number wrote,
/// bit by bit. The file replaces the one before it in one step when it is whole and on the disk.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "output/array_file.hpp"
#include "output/file_order.hpp"

namespace winze::output {

/// Of the text that makes two runs the same run (the resolved case).
std::uint64_t case_hash(const std::string& text);

/// Every member is collective. Names are unique within one restart.
class RestartWriter {
 public:
  RestartWriter(const std::filesystem::path& path, const FileOrder& order, std::uint64_t case_hash);
  /// values[n_owned or n_local nodes][width]
  template <class T>
  void nodal(const std::string& name, const T* values, int width) {
    rows("nodal/" + name, order_.nodes(), type_of<T>(), width, values);
  }
  /// values[n_elements][width]
  template <class T>
  void elemental(const std::string& name, const T* values, int width) {
    rows("elemental/" + name, order_.elements(), type_of<T>(), width, values);
  }
  /// values[points][width] by an offset table over the elements (fem::Points::offset).
  void pointwise(const std::string& name, const std::vector<GlobalIndex>& offset, const double* values, int width);
  /// Small arrays that rank 0 holds.
  template <class T>
  void array(const std::string& name, const std::vector<T>& values) {
    small("array/" + name, type_of<T>(), values.data(), values.size());
  }
  template <class T>
  void value(const std::string& name, T value) {
    array(name, std::vector<T>{value});
  }
  void text(const std::string& name, const std::string& text) { array(name, std::vector<char>(text.begin(), text.end())); }
  void close();

 private:
  void rows(const std::string& name, const RowExchange& exchange, Type type, int width, const void* values);
  void slab(const std::string& name, Type type, const Slab& slab, int width, const void* rows);
  void small(const std::string& name, Type type, const void* values, std::size_t n);
  std::filesystem::path path_;
  const FileOrder& order_;
  ArrayFile file_;
};

/// Every member is collective and throws the same EnvironmentError on every rank when the restart is damaged, foreign, of another format or does not
/// hold the array in this shape.
class RestartReader {
 public:
  /// Refuses a restart of another case, another mesh, another format; and of another number of ranks when the mesh has no numbering of its own.
  RestartReader(const std::filesystem::path& path, const FileOrder& order, std::uint64_t case_hash);
  /// values[n_local nodes][width], ghosts included
  template <class T>
  void nodal(const std::string& name, T* values, int width) {
    rows("nodal/" + name, order_.nodes(), type_of<T>(), width, values);
    order_.mesh().nodes.update_ghosts(values, width);
  }
  template <class T>
  void elemental(const std::string& name, T* values, int width) {
    rows("elemental/" + name, order_.elements(), type_of<T>(), width, values);
  }
  void pointwise(const std::string& name, const std::vector<GlobalIndex>& offset, double* values, int width);
  /// The same on every rank.
  template <class T>
  std::vector<T> array(const std::string& name) {
    std::vector<T> values = file_.read<T>("array/" + name);
    check("array/" + name, checksum(values.data(), values.size() * sizeof(T), 0), false);
    return values;
  }
  template <class T>
  T value(const std::string& name) {
    return array<T>(name).at(0);
  }
  std::string text(const std::string& name) {
    const std::vector<char> text = array<char>(name);
    return {text.begin(), text.end()};
  }
  bool has(const std::string& kind, const std::string& name) { return file_.has(kind + "/" + name); }  ///< kind: nodal, elemental, pointwise, array

 private:
  void rows(const std::string& name, const RowExchange& exchange, Type type, int width, void* values);
  void slab(const std::string& name, Type type, const Slab& slab, int width, void* rows);
  /// `parts`: the sum is this rank's share.
  void check(const std::string& name, std::uint64_t sum, bool parts);
  std::filesystem::path path_;
  const FileOrder& order_;
  ArrayFile file_;
};

}  // namespace winze::output
