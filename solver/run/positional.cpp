#include "run/positional.hpp"

#include <algorithm>
#include <numeric>

#include "air/adjoint.hpp"
#include "base/error.hpp"
#include "output/disk.hpp"
#include "run/air_tables.hpp"

namespace winze::run {

std::vector<std::string> write_positional(const Comm& comm, const std::filesystem::path& folder, air::Air& air) {
  std::vector<std::string> table;
  comm.together([&] {
    const std::vector<air::Positional> all = air::positional_efficiencies(air);
    const std::vector<std::string>& names = air.graph().airway_names;
    std::string text = "workplace,airway,efficiency,wet_bulb [K/kW],dry_bulb [K/kW]\n";
    size_t width = 9;
    for (const air::Positional& p : all) width = std::max(width, p.workplace.size());
    table.push_back(fmt::format("{:<{}}  best places of a cooler: share of its cooling that arrives, wet bulb per 100 kW", "workplace", width));
    for (const air::Positional& p : all) {
      std::vector<size_t> order(names.size());
      std::iota(order.begin(), order.end(), size_t(0));
      std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return p.airway[a].wet_bulb > p.airway[b].wet_bulb; });
      std::string line = fmt::format("{:<{}}", p.workplace, width);
      for (size_t k = 0; k < order.size(); ++k) {
        const air::Benefit& b = p.airway[order[k]];
        text += fmt::format("{},{},{:.10g},{:.10g},{:.10g}\n", csv_text(p.workplace), csv_text(names[order[k]]), b.efficiency, 1e3 * b.wet_bulb,
                            1e3 * b.dry_bulb);
        if (k < 3 && b.wet_bulb > 0)
          line += fmt::format("{} {} {:.0f} % {:.2f} K", k == 0 ? " " : ";", names[order[k]], 100 * b.efficiency, -1e5 * b.wet_bulb);
      }
      table.push_back(line);
    }
    if (comm.root()) output::replace_text(folder / "positional.csv", text);
  });
  return table;
}

}  // namespace winze::run
