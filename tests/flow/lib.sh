# SPDX-License-Identifier: GPL-3.0-or-later
# For suites of whole boxes: a box in a scratch folder, people who act on it, TAP.
#   box_start [ARG…]       starts $D/box with those arguments of tests/box; box_end stops it
#   as ROLE COMMAND…       the command line as that person, signed in, --json
#   everything_read [SECONDS]  waits until recognition has nothing left: what is shown, and further readings for search
#   ok NAME COMMAND…       passes when the command succeeds; is NAME WANT GOT; refused NAME CODE COMMAND…
set -u
cd "$(dirname "${BASH_SOURCE[0]}")/../.." || exit 1
export FUMIKURA_BUILD=${O:-build}
D=$(mktemp -d /tmp/fumikura-flow.XXXXXX)
export XDG_RUNTIME_DIR=$D/run LC_ALL=C.UTF-8
mkdir -m 700 "$D/run"
n=0 failed=0
trap 'box_end; rm -rf "$D"' EXIT
trap 'exit 1' INT TERM

box_start() {
	tests/box start "$D/box" "$@" >"$D/box.json" || {
		tail -n 20 "$D/box/log"
		echo "Bail out! the box does not start"
		exit 1
	}
	socket=$(jq -r .socket "$D/box.json") data=$(jq -r .data "$D/box.json") fumikura=$(jq -r .fumikura "$D/box.json")
	recovery=$(jq -r .recovery "$D/box.json") url=$(jq -r .url "$D/box.json") ca=$(jq -r .ca "$D/box.json")
}
box_end() { [[ ! -d $D/box ]] || tests/box stop "$D/box" >/dev/null 2>&1; }

cli() { "$fumikura" --socket "$socket" "$@"; }
password() { jq -r --arg r "$1" '.accounts[] | select(.role == $r) | .password' "$D/box.json"; }
name_of() { jq -r --arg r "$1" '.accounts[] | select(.role == $r) | .name' "$D/box.json"; }
sign_in() { # ROLE…
	local role
	for role in "$@"; do
		password "$role" >"$D/password"
		cli login "$(name_of "$role")" --password-file "$D/password" >/dev/null || echo "# $role cannot sign in"
	done
}
as() { # ROLE COMMAND…
	local who
	who=$(name_of "$1")
	shift
	cli --as "$who" --json "$@"
}

result() { # STATUS NAME
	n=$((n + 1))
	if [[ $1 = 0 ]]; then
		echo "ok $n - $2"
	else
		echo "not ok $n - $2"
		failed=$((failed + 1))
	fi
}
ok() { # NAME COMMAND…
	local name=$1
	shift
	if "$@" >"$D/out" 2>"$D/err"; then
		result 0 "$name"
	else
		result 1 "$name"
		head -n 5 "$D/err" "$D/out" | cut -c1-400 | sed 's/^/# /'
	fi
}
is() { # NAME WANT GOT
	[[ $2 = "$3" ]]
	result $? "$1"
	[[ $2 = "$3" ]] || printf '# want %s\n# got  %s\n' "$2" "$3" | cut -c1-400
}
refused() { # NAME CODE COMMAND…
	local name=$1 code=$2 status
	shift 2
	"$@" >"$D/out" 2>"$D/err"
	status=$?
	is "$name" "1 $code" "$status $(sed -n '$s/:.*//p' "$D/err")"
}
# Waits until a command succeeds, at most SECONDS.
within() { # SECONDS COMMAND…
	local end=$((SECONDS + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		((SECONDS < end)) || return 1
		sleep 0.1
	done
}
nothing_waits() { cli --json status | jq -e '.queue | .recognition == 0 and (.further // 0) == 0'; }
everything_read() { within "${1:-180}" nothing_waits || echo "# after ${1:-180} s recognition still has work: $(cli --json status | jq -c .queue)"; }
doctor_is_well() { ok "${1:-doctor finds no damage}" cli --json doctor; }
finish() {
	echo "1..$n"
	exit $((failed > 0))
}
