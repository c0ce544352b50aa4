"""Numbers as people read them: scaled units, four digits, names without underscores."""
import math

SCALES = {  # unit of the files: (from this absolute value on, divided by, unit shown), largest first
    "Pa": [(1e5, 1e6, "MPa"), (1e3, 1e3, "kPa"), (0, 1, "Pa")],
    "J": [(1e12, 1e12, "TJ"), (1e9, 1e9, "GJ"), (1e6, 1e6, "MJ"), (1e3, 1e3, "kJ"), (0, 1, "J")],
    "W": [(1e6, 1e6, "MW"), (1e3, 1e3, "kW"), (0, 1, "W")],
    "N": [(1e6, 1e6, "MN"), (1e3, 1e3, "kN"), (0, 1, "N")],
    "m": [(0.1, 1, "m"), (0, 1e-3, "mm")],
    "J/m^3": [(1e3, 1e3, "kJ/m³"), (0, 1, "J/m³")],
}
SHOWN = {"degC": "°C", "m^2": "m²", "m^3": "m³", "m^3/s": "m³/s", "W/m^2": "W/m²", "1": "", "": ""}
OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#000000"]  # told apart without colour vision


def words(name):
    """`wall_compression_max` as `wall compression max`."""
    return name.replace("_", " ")


def scale_of(unit, largest):
    """(divisor, unit shown) for values up to `largest` in the unit of the files."""
    for least, divisor, shown in SCALES.get(unit, []):
        if abs(largest) >= least and not (largest == 0 and least > 0):
            return divisor, shown
    return 1, SHOWN.get(unit, unit)


def digits(value):
    """Four significant digits; a dash for what is not there."""
    if value is None or isinstance(value, float) and math.isnan(value):
        return "–"
    if isinstance(value, str) or math.isinf(value):
        return str(value)
    if value == int(value) and abs(value) < 1e5:
        return str(int(value))
    if abs(value) >= 1e6 or abs(value) < 1e-3:
        mantissa, exponent = f"{value:.3e}".split("e")
        return f"{mantissa}·10{str(int(exponent)).translate(str.maketrans('-0123456789', '⁻⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    return f"{value:.{max(0, 3 - math.floor(math.log10(abs(value))))}f}"


def shown(value, unit):
    """`75.02 MPa` for 75016640.5 Pa."""
    if value is None or isinstance(value, float) and math.isnan(value):
        return "–"
    divisor, name = scale_of(unit, value)
    return f"{digits(value / divisor)} {name}".strip()
