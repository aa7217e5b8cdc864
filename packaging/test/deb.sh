# The Debian package: installed, removed and purged in an overlay of this system.

test_deb() {
    "$repository/packaging/deb" "$dist" "$work/again.deb" >/dev/null
    cmp "$dist/fairlead.deb" "$work/again.deb" || fail "another build of the package has other bytes"
    rm "$work/again.deb"

    local root=$work/system
    mkdir -p "$root" "$work/upper" "$work/inner"
    mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/inner" overlay "$root"
    mount --bind /dev "$root/dev"
    mount -t proc proc "$root/proc"
    cp "$dist/fairlead.deb" "$root/fairlead.deb"
    # This system may have it installed.
    dpkg_in "$root" -P fairlead
    files_of "$root" >"$work/before"

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
    files_of "$root" >"$work/after"
    diff "$work/before" "$work/after" || fail "the purged package has left this"
    umount "$root/proc" "$root/dev" "$root"
}

dpkg_in() { # ROOT ARGUMENTS…
    DEBIAN_FRONTEND=noninteractive chroot "$1" dpkg --force-confold "${@:2}" >"$work/dpkg.log" 2>&1
}

# Every path with its kind and mode, but for what dpkg and its triggers keep of their own.
files_of() { # ROOT
    find "$1" -xdev \( -path "$1/var/cache" -o -path "$1/var/log" \) -prune -o -printf '/%P %y %m\n' \
        | grep -Ev '^/var/lib/dpkg/[a-z]+-old ' | sort
}
