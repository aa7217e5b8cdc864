# The Debian package: installed, removed and purged in an overlay of this system.

test_deb() {
    local time
    time=$(dpkg-deb --ctrl-tarfile "$dist/fairlead.deb" | tar -tv --utc --full-time ./control | awk '{ print $4, $5 }')
    SOURCE_DATE_EPOCH=$(date -ud "$time" +%s) "$repository/packaging/deb" "$dist" "$work/again.deb" >/dev/null
    cmp "$dist/fairlead.deb" "$work/again.deb" || fail "another build of the package has other bytes"
    rm "$work/again.deb"

    local root=$work/system
    make_system "$root" "$work/upper"
    # This system may have it installed.
    dpkg_in "$root" -P fairlead
    changed_in "$work/upper" >"$work/before"

    dpkg_in "$root" -i /fairlead.deb
    chroot "$root" fairlead --version >/dev/null
    chroot "$root" dpkg -V fairlead || fail "the checksums are not those of the files"
    [ -L "$root/etc/systemd/system/multi-user.target.wants/fairlead.service" ] || fail "the unit is not enabled"
    [ "$(chroot "$root" dpkg-query -W -f '${Conffiles}' fairlead | grep -c /etc/)" = 2 ] || fail "not two configuration files"

    # The administrator's own file and decision survive an upgrade, and the file survives a removal.
    echo '# mine' >>"$root/etc/fairlead/config.yaml"
    rm "$root/etc/systemd/system/multi-user.target.wants/fairlead.service"
    dpkg_in "$root" -i /fairlead.deb
    grep -q '^# mine$' "$root/etc/fairlead/config.yaml" || fail "an upgrade overwrites the configuration"
    [ ! -e "$root/etc/systemd/system/multi-user.target.wants/fairlead.service" ] || fail "an upgrade enables the unit again"
    dpkg_in "$root" -r fairlead
    [ ! -e "$root/usr/bin/fairlead" ] && grep -q '^# mine$' "$root/etc/fairlead/config.yaml"

    dpkg_in "$root" -P fairlead
    changed_in "$work/upper" >"$work/after"
    diff "$work/before" "$work/after" || fail "the purged package has left this"
    umount "$root/proc" "$root/dev" "$root"
}

make_system() { # ROOT UPPER: an overlay of this system with the package in its root folder, not installed
    mkdir -p "$1" "$2" "$2-inner"
    mount -t overlay -o "lowerdir=/,upperdir=$2,workdir=$2-inner" overlay "$1"
    mount --bind /dev "$1/dev"
    mount -t proc proc "$1/proc"
    cp "$dist/fairlead.deb" "$1/fairlead.deb"
}

dpkg_in() { # ROOT ARGUMENTS…
    DEBIAN_FRONTEND=noninteractive chroot "$1" dpkg --force-confold "${@:2}" >"$work/dpkg.log" 2>&1
}

# What the overlay holds that this system does not: files made, changed or deleted, and new folders, but for what dpkg and its
# triggers keep of their own. (The system itself goes on below the overlay, so that it is no measure.)
changed_in() { # UPPER
    local kind path
    (cd "$1" && find . \( -path ./var/cache -o -path ./var/log -o -path ./var/lib/dpkg \) -prune -o -printf '%y %P\n') | sort \
        | while read -r kind path; do
            [ "$kind" = d ] && [ -d "/$path" ] || echo "$kind /$path"
        done
    find "$1/var/lib/dpkg" -name '*fairlead*' 2>/dev/null || true
}
