//! What kind of program a command is, when no rule had anything to say: one that only reads, one that changes things in a way
//! that can be undone, or one nobody here knows.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::Risk;
use super::evaluate::Invocation;
use super::verdict::Verdict;

/// Programs that only read and print, whatever their arguments; those with options that write are judged by the rules.
const READS: &str = " [ [[ : acpi agrep ag alias apropos arch arp aspell atop b2sum base32 base64 basename bat bc bind biff blkid \
    bmon brctl btop bzcat bzgrep bzless cal calendar cat cksum clear cloc cmp col colordiff column comm compgen \
    complete csvcut csvlook csvstat curl cut date dc delta df diff diff3 difft dig dircolors dirname dirs dmidecode du dust duf \
    echo egrep elinks env exa exiftool exit expand expr eza factor false fc fd fgrep fg file finger find fmt fold free fstyp \
    fuser fzf gawk awk mawk getcap getconf getent getfacl getfattr getopt getopts gnome-system-monitor gpg-connect glances grep \
    groups hash hd head help hexdump hexyl history host hostid hostname hostnamectl htop hyperfine iconv id \
    iftop info inotifywait iostat iotop ipcalc ipcs iwlist jobs jq jc join journalctl last lastb lastlog ldd less \
    let lessecho loginctl locale localectl locate look logname look ls lsattr lsblk lscpu lsd lshw lsinitramfs lsmem lsmod \
    lsns lsof lspci lsscsi lsusb lslocks lslogins ltrace man mailq manpath mapfile md5 md5sum mdfind mdls mediainfo mesg \
    minicom more mpstat mtr named-checkconf ncal ncdu neofetch fastfetch netstat networkctl nl nm nmap nproc nslookup nstat \
    numfmt objdump od otool paste pathchk pdfinfo pdftotext pgrep pidof pidstat pinfo ping ping6 plocate pmap pr \
    printenv printf procs ps pstree pwd pwdx pygmentize ranger readarray readelf readlink realpath resolvectl return rev rg \
    ripgrep rgrep rpcinfo sar sed sdiff seq sensors sha1sum sha224sum sha256sum sha384sum sha512sum shasum shellcheck \
    shift shopt showmount shuf size slabtop sleep smartctl snmpwalk sort speedtest speedtest-cli ss ssh-keyscan \
    stat stdbuf strings stty sum sw_vers suspend systemd-analyze systemd-cgls systemd-cgtop system_profiler sysdig tac tail \
    tasklist test tig time timeout times tldr tokei top tput tr traceroute tracepath tree true tsort tty \
    type ulimit umask uname unexpand uniq units unset unalias uptime users utmpdump uuidgen vainfo vdir vgs lvs pvs vgdisplay \
    lvmdiskscan quota repquota dumpe2fs isoinfo disktype hddtemp sdparm \
    lvdisplay pvdisplay vgscan pvscan lvscan vmstat vulkaninfo w wait watch wc whatis whence where whereis which who whoami whois xargs \
    xclip xsel xdpyinfo xev xmllint xprop xwininfo xxd xzcat xzgrep xzless yes yq zcat zdiff zegrep zgrep \
    zipinfo zless zmore zstdcat zstdless pbcopy pbpaste wl-copy wl-paste ioreg vm_stat fs_usage dtrace nettop \
    break continue disown bg popd dirs pushd read sl glow mdcat most w3m lynx links pydoc pydoc3 ri perldoc cheat \
    fortune cowsay figlet lolcat toilet banner cmatrix sleepenh tload uptimed vnstat nethogs bandwhich dog drill kdig q zoxide \
    lsar zstdgrep pdfgrep pdffonts identify ffprobe soxi file-roller-l exiv2 colrm nroff groff \
    oathtool pwgen qrencode secret-tool-search systemd-detect-virt virt-what inxi hwinfo cpuid numastat x86info turbostat \
    checkbashisms hadolint yamllint jsonlint actionlint mypy flake8 pylint pyflakes tflint nvidia-smi rocm-smi \
    dmesg caro choose gron fx dasel mlr miller xsv datamash vd tv watchexec-n lsb_release \
    runlevel systool udevadm ausearch aureport sestatus getenforce getsebool ausyscall chronyc ntpq \
    avahi-browse arping iperf iperf3 fping ab wrk hey mosquitto_sub rpm2cpio zipgrep \
    iptables-save ip6tables-save trash-list lpstat lpq lpinfo atq wpctl-status ";

/// Programs that change files or settings and are known well enough to say no more.
const CHANGES: &str = " mkdir touch mv cp ln install mktemp split csplit tar zip unzip gzip gunzip bzip2 bunzip2 xz unxz zstd unzstd 7z 7za 7zr rar \
    unrar lz4 ar cpio unar pigz compress uncompress rename prename ed vi vim nvim nano emacs code subl micro hx helix kak \
    git make cmake ninja gcc g++ cc clang rustc javac go cargo npm yarn pnpm bun mvn gradle ant meson bazel tsc webpack vite \
    rsync scp sftp ftp patch tee sed dos2unix unix2dos iconv convert magick mogrify ffmpeg sox lame flac opusenc cwebp pngquant optipng jpegoptim inkscape \
    gimp pandoc pdflatex xelatex latexmk wkhtmltopdf qpdf pdftk gs ps2pdf libreoffice soffice crontab at batch systemctl service \
    launchctl kill pkill killall nohup disown tmux screen ssh ssh-add ssh-agent ssh-keygen gpg openssl pass age openvpn nmcli \
    docker podman kubectl helm terraform ansible vagrant brew apt apt-get dnf yum pacman pip pip3 gem composer snap flatpak \
    wget curl aria2c yt-dlp xdg-open open start gio notify-send say espeak lp lpr cancel cupsenable scanimage import scrot \
    maim gnome-screenshot screencapture xdotool ydotool wmctrl xset xrandr setxkbmap xinput pactl amixer alsamixer wpctl \
    brightnessctl light bluetoothctl renice ionice taskset sync updatedb ldconfig mandb fc-cache hash wall write mesg talk mail \
    mailx mutt sendmail logger chsh passwd trash trash-put trash-restore gio mkfifo mknod fallocate truncate tcpdump tshark wireshark dpkg-deb rpmbuild \
    black prettier rustfmt gofmt eslint ruff isort autopep8 stow chezmoi sort uniq shuf base64 xxd uuencode uudecode strip objcopy ld as \
    jupyter python python3 perl ruby node php lua java dotnet R Rscript sqlite3 psql mysql redis-cli mongosh rclone restic borg \
    tmutil defaults osascript pmset networksetup softwareupdate xcode-select codesign hdiutil ditto sips textutil plutil sips \
    winget choco scoop mount umount eject udisksctl ip ifconfig route ufw iptables tc modprobe sysctl fwupdmgr \
    nc ncat netcat socat telnet expect script asciinema ttyrec lsof ntfy newgrp sg adb fastboot esptool avrdude picocom \
    wine steam flatpak-spawn snapctl loginctl timedatectl hostnamectl localectl machinectl journalctl coredumpctl gcore gdb lldb \
    perf strace bpftrace heaptrack valgrind entr watchexec inotifywait parallel xargs wait ";

static KINDS: LazyLock<HashMap<&'static str, Kind>> = LazyLock::new(|| {
    let changes = CHANGES.split_ascii_whitespace().map(|name| (name, Kind::Changes));
    // A program in both lists only reads: what of it writes is for the rules to find.
    changes.chain(READS.split_ascii_whitespace().map(|name| (name, Kind::Reads))).collect()
});

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Reads,
    Changes,
}

/// Judges by kind; says whether the program is known.
pub(crate) fn classify(invocation: &Invocation<'_>, verdict: &mut Verdict) -> bool {
    let name = invocation.name;
    let kind = KINDS.get(name).copied();
    if name.is_empty() || kind == Some(Kind::Reads) || says_help(invocation) {
        verdict.harmless();
        return true;
    }
    let span = invocation.span.clone();
    if kind == Some(Kind::Changes) {
        verdict.report("program.changes", Risk::Caution, span, format!("{name} may change files or settings"));
        return true;
    }
    super::rules::tool::destroys(invocation, verdict);
    let name = super::rules::shown(name);
    verdict.report("program.unknown", Risk::Caution, span, format!("what {name} does is not known here"));
    false
}

/// Whether the only argument asks how the program is used, or which one it is.
pub(crate) fn asks_for_help(invocation: &Invocation<'_>) -> bool {
    let [only] = invocation.args else { return false };
    match only.text.as_str() {
        "--help" | "--version" | "-V" | "-help" | "-version" | "/?" | "-?" | "--usage" => true,
        // To some it means halt, or a name.
        "-h" => !matches!(invocation.name, "shutdown" | "halt" | "poweroff" | "reboot" | "init" | "su" | "sudo"),
        _ => false,
    }
}

/// The same, said in a word or at the end, of a program no rule knows.
fn says_help(invocation: &Invocation<'_>) -> bool {
    matches!(invocation.args, [only] if matches!(only.text.as_str(), "version" | "help"))
        || invocation.args.last().is_some_and(|last| last.text == "--help")
}
