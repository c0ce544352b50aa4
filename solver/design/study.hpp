/// A study of designs as its file says it: a case, the options as changes of its keys, what money and energy cost, and how options are ranked.
#pragma once
#include <string>
#include <utility>
#include <vector>

#include "input/key.hpp"

namespace winze::design {

/// Keys and their new values, the values as YAML on one line.
struct Changes {
  std::vector<std::pair<std::string, std::string>> entries;
};

struct Expense {
  static constexpr const char* shorthand = "amount";
  double amount = 0, year = 0;
  static auto keys() {
    return input::keys(input::key("amount", &Expense::amount, "1", "in the currency of the study").require(),
                       input::key("year", &Expense::year, "1", "years after the start of the case").at_least(0));
  }
};

struct Option {
  std::string title;
  Changes set, air;
  std::vector<Expense> capital;
  double upkeep = 0;
  static auto keys() {
    return input::keys(input::key("title", &Option::title, "one line for people"),
                       input::key("set", &Option::set, "changes of the case: {path.to.key: value}, as --set makes them"),
                       input::key("air", &Option::air, "changes of its network: {airway.key: value} or {airway.device.key: value}"),
                       input::key("capital", &Option::capital, "what is bought: an amount at the start, or a list of {amount, year}"),
                       input::key("upkeep", &Option::upkeep, "1", "per year, in the currency of the study").at_least(0));
  }
};

/// A band of an electricity tariff.
struct Band {
  double price = 0, share = 1;
  std::vector<int> months;
  static auto keys() {
    return input::keys(input::key("price", &Band::price, "1", "per kWh, in the currency of the study").at_least(0).require(),
                       input::key("share", &Band::share, "1", "of the hours of its months").above(0).at_most(1),
                       input::key("months", &Band::months, "1", "1 to 12; empty: all").between(1, 12));
  }
};

struct Prices {
  input::Named<Band> electricity;
  double carbon = 0, water = 0, discount = 0.08;
  int first_month = 1;
  static auto keys() {
    return input::keys(
        input::key("electricity", &Prices::electricity, "bands of the tariff: {peak: {price, share, months}, …}; shares of every month sum to 1")
            .require(),
        input::key("carbon", &Prices::carbon, "1", "kg of CO2 per kWh of electricity").at_least(0),
        input::key("water", &Prices::water, "1", "per m³ of make-up water").at_least(0),
        input::key("discount", &Prices::discount, "1", "per year: what money later is worth less").at_least(0).below(1),
        input::key("first_month", &Prices::first_month, "1", "month in which the case begins").between(1, 12));
  }
  void check(input::Check& check) const;
};

/// The score of an option is the sum of these; the smallest ranks first.
struct Weights {
  double cost = 1, beyond = 0, carbon = 0;
  static auto keys() {
    return input::keys(input::key("cost", &Weights::cost, "1", "per unit of net present cost").at_least(0),
                       input::key("beyond", &Weights::beyond, "1", "per workplace-day beyond a limit").at_least(0).require(),
                       input::key("carbon", &Weights::carbon, "1", "per tonne of CO2").at_least(0));
  }
};

/// One way the mine may be other than the case says.
struct Doubt {
  input::Named<double> scale, shift;
  static auto keys() {
    return input::keys(
        input::key("scale", &Doubt::scale, "1", "factors of numbers of the resolved case: {air.airways.*.wetness: 1.2}; * stands for any one name"),
        input::key("shift", &Doubt::shift, "1", "added to them, in SI: {air.virgin: 2}; of a table the values, not the places"));
  }
};

/// Something that fails.
struct Trip {
  Changes air;
  double step = 60, longest = 8 * 3600;
  static auto keys() {
    return input::keys(input::key("air", &Trip::air, "what the network becomes: {airway.device.key: value}").require(),
                       input::key("step", &Trip::step, "s", "steps in which the mine is watched").above(0),
                       input::key("longest", &Trip::longest, "s", "watched no longer than this").above(0));
  }
};

struct Study {
  std::string name, title, base, currency;
  input::Named<Option> options;
  std::vector<std::string> clauses;
  Prices prices;
  double years = 10;
  Weights weights;
  input::Named<Doubt> sensitivity;
  input::Named<Trip> trips;
  static auto keys() {
    return input::keys(
        input::key("study", &Study::name, "name of the study: letters, digits, _ and -").require(),
        input::key("title", &Study::title, "one line for people"),
        input::key("case", &Study::base, "the case that all options change, relative to this file: a network with workplaces and rules").require(),
        input::key("options", &Study::options, "designs by name; one without changes is the case as it is").require(),
        input::key("clauses", &Study::clauses, "clauses that count, as rule_set/clause; empty: all that the case names"),
        input::key("currency", &Study::currency, "of all amounts: USD, CNY, ZAR, …").require(),
        input::key("prices", &Study::prices, "electricity, water, carbon, interest").require(),
        input::key("years", &Study::years, "1", "operated for so long where the stages of the case have no duration").above(0).at_most(100),
        input::key("weights", &Study::weights, "what the ranking is made of").require(),
        input::key("sensitivity", &Study::sensitivity, "what may be other than the case says: each is run with every option"),
        input::key("trips", &Study::trips, "what may fail: minutes until a workplace goes beyond a limit, from the hottest moment of every option"));
  }
  void check(input::Check& check) const;
};

}  // namespace winze::design

namespace winze::input {

template <>
struct Io<design::Changes> {
  static TypeInfo describe();
  static bool read(const Value& v, design::Changes& out, const Context& c);
  static Value write(const design::Changes& x, const std::string& unit);
};

}  // namespace winze::input
