/// summary.json: what a run found and what it cost, for people in a hurry and for programs that compare runs.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "base/comm.hpp"
#include "output/restart.hpp"
#include "output/step.hpp"

namespace winze::output {

class Summary {
 public:
  struct Number {
    std::string name;
    double value;  ///< null in the file if it is not finite
    std::string unit;
  };
  /// `command` … the words that started the run, or "".
  Summary(const std::string& case_name, const std::string& command);
  ~Summary();

  /// Headline numbers of the run: "numbers": {name: {"value": …, "unit": …}}. A name given again replaces the value.
  void number(const Number& number);
  /// Facts of the run that are words: "facts": {name: text}.
  void fact(const std::string& name, const std::string& text);
  /// Counts and sizes of the mesh: "mesh": {name: value}.
  void mesh(const std::string& name, std::int64_t count);
  /// One entry per stage or step in "steps": its moment and its numbers (iterations, residuals, maxima).
  void step(const Step& step, const std::vector<Number>& numbers);

  /// Collective. Numbers, facts, steps and warnings so far.
  void save(RestartWriter& restart) const;
  void restore(RestartReader& restart);

  /// Collective. Replaces the file in one step. `status`: "done", "stopped" or the message of the error. Times are the longest of all ranks, s, since
  /// this process started; memory is the peak of the largest rank and the sum of the peaks.
  void write(const Comm& comm, const std::filesystem::path& path, const std::string& status) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace winze::output
