# What demo/run prints and checks. Sourced by it.

bold='' green='' red='' plain=''
if [ -t 1 ]; then bold=$'\e[1m' green=$'\e[32m' red=$'\e[31m' plain=$'\e[0m'; fi
step_number=0

step() { # TEXT
    step_number=$((step_number + 1))
    printf '\n%s%d. %s%s\n' "$bold" "$step_number" "$1" "$plain"
}

pass() { # TEXT
    printf '   %s✓%s %s\n' "$green" "$plain" "$1"
}

fail() { # TEXT
    printf '   %s✗ %s%s\n' "$red" "$1" "$plain" >&2
    local log
    for log in "$work"/control-plane.log "$work"/fairlead-*.log "$work"/kubelet-*.log; do
        [ -s "$log" ] || continue
        printf '\nThe last lines of %s:\n' "$(basename "$log")" >&2
        tail -n 8 "$log" | cut -c 1-400 >&2
    done
    exit 1
}

indent() { sed 's/^/     /'; }

milliseconds() { echo "$(($(date +%s%N) / 1000000))"; }

# The parts of what `fairlead-bench load` prints.
answered_count() { sed -n 's/^  answered \([0-9]*\),.*/\1/p' "$1"; }
failed_count() { sed -n 's/^  answered .* failed \([0-9]*\) .*/\1/p' "$1"; }
share_of() { # REPORT SERVER: how many it answered
    awk -v server="$2" '$1 == server { count = $2 } END { print count + 0 }' "$1"
}
shares() { # REPORT: one line
    awk '/^  hello-server/ { printf "%s%s %s %s%%", separator, $1, $2, substr($3, 2); separator = ", " }' "$1"
}
latency() { sed -n 's/^  latency //p' "$1"; }

# The time from the event to the kernel's acknowledgement, in the last line of the log of node-1 about a change that wrote
# something and not everything.
last_commit_microseconds() {
    { grep '"committed"' "$work"/fairlead-1*.log || true; } | grep '"full": *"\{0,1\}false' | grep -v '"elements": *"\{0,1\}0\b' | tail -n 1 \
        | sed -n 's/.*"event_to_kernel_microseconds": *"\{0,1\}\([0-9]*\).*/\1/p'
}
