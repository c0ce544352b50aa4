# Sourced by every script of this folder. Sets: root (the source tree), build (the build folder), version. Everything it says goes to standard error,
# so that the output of winze itself stays clean. Exit codes are winze's own: 2 wrong arguments, 4 something is missing on this machine.
set -euo pipefail

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
build=${WINZE_BUILD_DIR:-$root/build/release}
[[ $build == /* ]] || build=$PWD/$build
version=$(sed -nE 's/^project\(winze VERSION ([0-9.]+).*/\1/p' "$root/CMakeLists.txt")

say() { printf '%s\n' "$*" >&2; }
fail() { # exit code, message
  local code=$1
  shift
  say "$(basename -- "$0"): $*"
  exit "$code"
}
usage() { # prints the comment block at the head of the calling script
  sed -n '2,/^[^#]/{/^#/!q;s/^# \{0,1\}//;p}' "$0"
}

# Memory in MiB that new processes may take: what the kernel calls available, or what the control group leaves if that is less.
memory_mib() {
  local mib limit used
  mib=$(awk '/^MemAvailable:/ {print int($2 / 1024)}' /proc/meminfo)
  if limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null) && [[ $limit =~ ^[0-9]+$ ]]; then
    used=$(cat /sys/fs/cgroup/memory.current 2>/dev/null || echo 0)
    local left=$(((limit - used) / 1048576))
    ((left < mib)) && mib=$left
  fi
  echo "$mib"
}

# Compilers to run at once: one per processor of this process, and 2 GiB of free memory for each. WINZE_JOBS overrides.
jobs_that_fit() {
  local n by_memory
  n=$(nproc)
  by_memory=$(($(memory_mib) / 2048))
  ((by_memory < n)) && n=$by_memory
  ((n < 1)) && n=1
  echo "${WINZE_JOBS:-$n}"
}

# Physical cores this process may use: the ranks a run starts with unless told otherwise.
cores() {
  local n
  n=$(lscpu --parse=CORE,SOCKET 2>/dev/null | grep -v '^#' | sort -u | wc -l) || n=0
  ((n >= 1)) || n=1
  ((n > $(nproc))) && n=$(nproc)
  echo "$n"
}

# A Python that has the modules which meshes, tests and plots need; WINZE_PYTHON overrides. The first on PATH is not always the system's.
find_python() {
  local candidate
  for candidate in "${WINZE_PYTHON:-}" python3 /usr/bin/python3; do
    [[ -n $candidate ]] && command -v "$candidate" >/dev/null || continue
    if "$candidate" -c 'import sys
from importlib.util import find_spec
sys.exit(not all(find_spec(name) for name in ("numpy", "h5py", "yaml")))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# What the compiler cache keeps outlives a clone and a clean build. Objects are made for this processor, so its features name the cache's space.
cache=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/winze/$version
if command -v ccache >/dev/null; then
  export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root} CCACHE_NOHASHDIR=1
  CCACHE_NAMESPACE=${CCACHE_NAMESPACE:-$(grep -m1 -E '^(flags|Features)' /proc/cpuinfo | cksum | cut -d' ' -f1)}
  export CCACHE_NAMESPACE
fi

# Parallel work is ranks: OpenBLAS, which many systems take for BLAS, would start threads on every processor in every rank.
export OPENBLAS_NUM_THREADS=${OPENBLAS_NUM_THREADS:-1}

# Open MPI refuses to run as root, which is what a container usually is.
if ((EUID == 0)); then
  export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
fi

# What decides which compiler and libraries a configuration finds; when it changes, the build folder is configured afresh.
environment() {
  local name
  for name in CC CXX CXXFLAGS CMAKE_PREFIX_PATH PKG_CONFIG_PATH Kokkos_ROOT HDF5_ROOT WINZE_ARCH WINZE_PRESET; do
    printf '%s=%s\n' "$name" "${!name-}"
  done
}
