# The systemd unit, and the daemon under its limits.

test_unit() {
    local unit=$work/fairlead.service capabilities
    sed "s,/usr/bin/fairlead,$dist/fairlead," "$repository/packaging/fairlead.service" >"$unit"
    systemd-analyze verify --man=no "$unit"
    # Of 100: what it needs of the network is 10 of it.
    systemd-analyze security --offline=true --no-pager --threshold=25 "$unit" >"$work/security.log"

    capabilities=$(sed -n 's/^CapabilityBoundingSet=//p' "$unit" | tr ' ' '\n' | sed 's/^CAP_/+/' | tr '[:upper:]\n' '[:lower:],')
    under_limits "-all,${capabilities%,}" "$dist/fairlead" "${daemon_arguments[@]}" \
        --watch-manifests "$repository/demo/manifests" >"$work/limited.log" 2>&1 &
    local daemon=$!
    expect_rules
    # CapBnd, CapEff and CapPrm of the daemon are what the unit names.
    grep -Eq "^CapEff:\s+0*1000$" "/proc/$daemon/status" || fail "it runs with $(grep CapEff "/proc/$daemon/status")"
    end "$daemon"
    remove_rules

    # Without it nothing works: the limits above are limits.
    ! (under_limits -all "$dist/fairlead" cleanup) >"$work/denied.log" 2>&1 || fail "it works without a capability"
    grep -q 'Operation not permitted' "$work/denied.log" || fail "it does not say why: $(cat "$work/denied.log")"
}

under_limits() { # CAPABILITIES COMMAND…
    exec setpriv --bounding-set "$1" --inh-caps -all --ambient-caps -all --no-new-privs -- "${@:2}"
}
