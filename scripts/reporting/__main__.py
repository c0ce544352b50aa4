"""scripts/report: arguments, the sections that this folder has something for, and the page."""
import argparse
import pathlib
import sys

from reporting import air, calibration, comparison, network, overview, rock
from reporting.figures import close_all
from reporting.markup import Section, cards, details, escape, figures, note
from results import Run

HERE = pathlib.Path(__file__).parent


def title_of(run):
    path = run.folder / "resolved.yaml"
    for line in path.read_text(encoding="utf-8").splitlines()[:40] if path.is_file() else []:
        if line.startswith("title:"):
            return line[len("title:"):].strip().strip('"')
    return ""


def run_sections(run, with_pictures):
    """Sections of a run, and all its figures."""
    burst = bool(rock.indicator_names(run))
    workplaces, of_workplaces, card = air.verdicts(run)
    top = [card] if card else []
    in_rock, on_walls, reason = rock.pictures(run) if with_pictures else ([], [], "Pictures were left out.")
    indicators, of_indicators = rock.indicators(run, on_walls if burst else [])
    if not burst:
        in_rock = in_rock + on_walls
    heat, of_heat = air.section(run) if "airways" in run.tables else (None, [])
    net, of_net = network.section(run) if "airways" in run.tables else (None, [])
    fields = rock.fields(run, in_rock, reason)
    energy, of_energy = rock.energy(run)
    probes, of_probes = rock.probes(run)
    histories, remark = overview.histories(run)
    numerics, of_numerics = overview.numerics(run)
    made = top + overview.headline_cards(run) + list(rock.indicator_cards(run))
    body = (cards(made) if made else "") + overview.headline_table(run, air.count_beyond(run))
    body += (note(rock.WARNING) if burst else "") + overview.all_numbers(run)
    through = Section("histories", "Through time", figures(histories) + (note(remark) if remark else ""))
    sections = [Section("numbers", "Headline numbers", body), workplaces, heat, net, fields, indicators, energy, probes, through, numerics]
    drawn = of_workplaces + of_heat + of_net + in_rock + (on_walls if burst else []) + of_indicators + of_energy + of_probes + histories + of_numerics
    return [s for s in sections if s], drawn


def page(run, sections):
    summary = run.summary
    resolved = run.folder / "resolved.yaml"
    if resolved.is_file():
        used = escape(resolved.read_text(encoding="utf-8"))
        body = note("Every value that was used, defaults included.") + details("resolved.yaml", f"<pre>{used}</pre>")
        sections = sections + [Section("input", "What was computed", body)]
    size = ", ".join(f"{value} {key}" for key, value in summary.get("mesh", {}).items() if key != "ranks")
    version, status = summary.get("winze") or summary.get("version", ""), summary.get("status", "")
    facts = [f'<span class="status{"" if status == "done" else " bad"}">{escape(status)}</span>', f"winze {escape(version)}", escape(size),
             escape(summary.get("command", ""))]
    warnings = summary.get("warnings") or []
    listed = "".join(f"<li>{escape(str(w))}</li>" for w in warnings)
    warned = f'<section class="warnings"><h2>Warnings</h2><ul>{listed}</ul></section>' if warnings else ""
    links = "".join(f'<li><a href="#{s.name}">{s.name}</a></li>' for s in sections)
    blocks = "".join(f'<section id="{s.name}"><h2>{escape(s.title)}</h2>{s.body}</section>' for s in sections)
    style, script = (HERE / "page.css").read_text(encoding="utf-8"), (HERE / "page.js").read_text(encoding="utf-8")
    return f"""<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(run.name)} · winze</title><link rel="icon" href="data:,"><style>
{style}</style></head><body>
<header><h1>{escape(run.name)}</h1><p class="subtitle">{escape(title_of(run))}</p><p class="facts">{" · ".join(f for f in facts if f)}</p></header>
<nav aria-label="sections"><ul>{links}</ul></nav><main>{warned}{blocks}</main>
<footer>Numbers are rounded to four digits; hover one for all of it, in the unit of the files. No result replaces
the judgement of an engineer who knows the mine.</footer><script>
{script}</script></body></html>
"""


def main(arguments):
    parser = argparse.ArgumentParser(prog="scripts/report", description="One HTML page about a run, a calibration or a comparison.")
    parser.add_argument("folder", type=pathlib.Path, help="what winze wrote: out/<case>")
    parser.add_argument("-o", "--output", type=pathlib.Path, help="the page; FOLDER/report.html unless told")
    parser.add_argument("--figures", type=pathlib.Path, help="also every figure as PNG, SVG and CSV into this folder")
    parser.add_argument("--no-pictures", action="store_true", help="without pictures of fields")
    options = parser.parse_args(arguments)
    try:
        run = Run(options.folder)
    except FileNotFoundError as fault:
        print(fault, file=sys.stderr)
        return 2
    if comparison.is_comparison(run):
        sections, drawn = comparison.sections(run)
    elif calibration.is_calibration(run):
        section, drawn = calibration.section(run)
        sections = [section]
    else:
        sections, drawn = run_sections(run, not options.no_pictures)
    output = options.output or options.folder / "report.html"
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(page(run, sections), encoding="utf-8")
    if options.figures:
        options.figures.mkdir(parents=True, exist_ok=True)
        for figure in drawn:
            figure.save(options.figures)
    close_all()
    print(f"{output}: {output.stat().st_size / 1e6:.1f} MB, {len(drawn)} figures" + (f", also in {options.figures}" if options.figures else ""))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
