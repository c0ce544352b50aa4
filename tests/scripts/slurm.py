"""The shipped Slurm template on a real single-node Slurm, started here with a munge of its own in a temporary folder and stopped at the end.

    slurm.py [WINZE CASE [OPTION]...]     with them the template also runs winze itself on a case of several stages

Needs root, and the programs munged, slurmctld and slurmd (package slurm-wlm); exits 77, skipped, with the reason otherwise.
"""
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TEMPLATE = ROOT / "scripts" / "slurm" / "winze.sbatch"
STAND_IN = pathlib.Path(__file__).with_name("slurm_stand_in.py")
WINZE, CASE, OPTIONS = (*(pathlib.Path(name).resolve() for name in sys.argv[1:3]), sys.argv[3:]) if len(sys.argv) > 2 else (None, None, [])

CONFIGURATION = """
ClusterName=winze
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
CryptoType=crypto/munge
AuthInfo=socket={folder}/munge/socket
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
KillWait=5
SchedulerParameters=sched_interval=1
NodeName={host} NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""


def reason_to_skip():
    if os.geteuid() != 0:
        return "starting a Slurm of its own needs root"
    lacking = [name for name in ("munged", "mungekey", "slurmctld", "slurmd", "sbatch", "mpirun") if not shutil.which(name)]
    return f"not installed: {', '.join(lacking)} (scripts/setup --tests)" if lacking else ""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.2)
    raise AssertionError(f"{what}: not within {seconds} s")


class Slurm:
    """One controller and one node with two processors, all state in `folder`."""

    def __init__(self, folder):
        self.folder, self.daemons = folder, []
        for name in ("munge", "state", "spool"):
            (folder / name).mkdir(mode=0o755)
        self.configuration = folder / "slurm.conf"
        ports = {"controller_port": free_port(), "node_port": free_port()}
        self.configuration.write_text(CONFIGURATION.format(host=socket.gethostname().split(".")[0], folder=folder, **ports), encoding="utf-8")
        self.environment = {**os.environ, "SLURM_CONF": str(self.configuration)}
        try:
            self.start()
        except BaseException:
            self.stop()
            raise

    def start(self):
        munge = self.folder / "munge"
        self.command("mungekey", "--create", f"--keyfile={munge}/key")
        names = [f"--{name}={munge}/{name.split('-')[0]}" for name in ("socket", "pid-file", "log-file", "seed-file")]
        self.daemon("munged", "--foreground", "--force", f"--key-file={munge}/key", *names)
        wait_for("munge", (munge / "socket").exists)
        self.daemon("slurmctld", "-D", "-c")
        self.daemon("slurmd", "-D", "-N", socket.gethostname().split(".")[0])
        wait_for("an idle node", lambda: "idle" in self.command("sinfo", "-h", "-o", "%t", check=False))

    def daemon(self, *words):
        self.daemons.append(subprocess.Popen(words, env=self.environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))

    def command(self, *words, check=True):
        run = subprocess.run(words, env=self.environment, capture_output=True, text=True, check=False, cwd=self.folder)
        if check and run.returncode != 0:
            raise AssertionError(f"{' '.join(map(str, words))}: exit code {run.returncode}: {run.stdout}{run.stderr}")
        return run.stdout

    def job(self, number, field):
        found = re.search(rf"\b{field}=(\S+)", self.command("scontrol", "show", "job", number, "-o"))
        return found.group(1) if found else ""

    def stop(self):
        if len(self.daemons) == 3:
            self.command("scancel", "--user=root", check=False)
            time.sleep(1)
        for daemon in reversed(self.daemons):
            daemon.send_signal(signal.SIGTERM)
            try:
                daemon.wait(20)
            except subprocess.TimeoutExpired:
                daemon.kill()
                daemon.wait()


class Template(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        # Not under a long or odd path: munge's socket name is limited to 107 bytes and slurm.conf knows no quotes.
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="winze-slurm-"))
        os.chmod(cls.folder, 0o755)
        cls.slurm = Slurm(cls.folder)

    @classmethod
    def tearDownClass(cls):
        cls.slurm.stop()
        shutil.rmtree(cls.folder)

    def submit(self, case, program, *options, words=(), **environment):
        """Number of a job that runs the template with these options of sbatch and words for the program, and its folder of results."""
        out = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        variables = {"WINZE": program, "WINZE_OUT": out, "OMPI_ALLOW_RUN_AS_ROOT": 1, "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": 1, **environment}
        export = ",".join(["ALL", *(f"{name}={value}" for name, value in variables.items())])
        number = self.slurm.command("sbatch", "--parsable", f"--export={export}", *options, TEMPLATE, case, *words).strip()
        return number, out

    def log(self, number):
        return (self.folder / f"winze-{number}.log").read_text(encoding="utf-8")

    def end_of(self, number, seconds=60):
        done = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")
        return wait_for(f"the end of job {number}", lambda: next((s for s in done if self.slurm.job(number, "JobState") == s), None), seconds)

    def requeued(self, number, seconds=60):
        """Waits until the job is back in the queue, and shortens Slurm's delay (not below two seconds: the old credential is still revoked)."""
        wait_for(f"job {number} back in the queue", lambda: self.slurm.job(number, "Restarts") == "1", seconds)
        wait_for(f"job {number} pending", lambda: self.slurm.job(number, "JobState") == "PENDING", seconds)
        self.slurm.command("scontrol", "update", f"JobId={number}", "StartTime=now+3")

    def case(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    def signalled(self, number, out):
        wait_for("the first steps", lambda: (out / "steps").exists() and len((out / "steps").read_text(encoding="utf-8").split()) > 3)
        self.slurm.command("scancel", "--batch", "--signal=USR1", number)

    def check_counted(self, out, steps):
        self.assertEqual((out / "steps").read_text(encoding="utf-8").split(), [str(step) for step in range(steps)])

    def test_signal_requeues_and_resumes(self):
        for launch in ("mpirun", "srun --mpi=none"):
            with self.subTest(launch=launch):
                number, out = self.submit(self.case("count.yaml", "60"), STAND_IN, WINZE_LAUNCH=launch)
                self.signalled(number, out)
                self.requeued(number)
                self.assertEqual(self.end_of(number), "COMPLETED", self.log(number))
                self.check_counted(out, 60)
                self.assertEqual(self.log(number).count("--resume"), 1, self.log(number))

    def test_time_limit_sends_the_signal(self):
        number, out = self.submit(self.case("long.yaml", "3000"), STAND_IN, "--time=1", "--signal=B:USR1@45")
        self.requeued(number, seconds=240)
        self.assertTrue((out / "restart.h5").exists(), self.log(number))
        self.slurm.command("scancel", number)

    def test_wrong_input_fails_and_stays_failed(self):
        number, _ = self.submit(self.case("wrong.yaml", "no number"), STAND_IN)
        self.assertEqual(self.end_of(number), "FAILED", self.log(number))
        self.assertEqual(self.slurm.job(number, "ExitCode"), "2:0")
        self.assertEqual(self.slurm.job(number, "Restarts"), "0")

    def test_cancelled_job_stays_cancelled(self):
        number, out = self.submit(self.case("cancelled.yaml", "3000"), STAND_IN)
        wait_for("the first steps", (out / "steps").exists)
        self.slurm.command("scancel", number)
        self.assertEqual(self.end_of(number), "CANCELLED")
        self.assertEqual(self.slurm.job(number, "Restarts"), "0")

    @unittest.skipUnless(WINZE, "winze and a case were not given")
    def test_winze_itself(self):
        meshes = re.findall(r"meshes/built/(\w+)\.msh", " ".join(OPTIONS) or CASE.read_text(encoding="utf-8"))
        subprocess.run([ROOT / "scripts/meshes", *meshes], check=True)
        number, out = self.submit(CASE, WINZE, words=OPTIONS)
        ended = ("COMPLETED", "FAILED")
        wait_for("a first restart", lambda: (out / "restart.h5").exists() or self.slurm.job(number, "JobState") in ended, seconds=300)
        self.slurm.command("scancel", "--batch", "--signal=USR1", number)
        self.requeued(number)
        self.assertEqual(self.end_of(number, seconds=600), "COMPLETED", self.log(number))
        self.assertRegex(self.log(number), r"start 2, .* --resume\n")
        self.assertNotIn("\r", self.log(number), "a log has lines, not the progress display of a terminal")
        summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
        self.assertEqual(summary["status"], "done")
        stages = [stage["name"] for stage in yaml.safe_load(CASE.read_text(encoding="utf-8"))["stages"]]
        self.assertEqual([step["stage"] for step in summary["steps"]], stages)


if __name__ == "__main__":
    if reason_to_skip():
        print(f"skipped: {reason_to_skip()}")
        sys.exit(77)
    unittest.main(argv=sys.argv[:1], verbosity=2)
