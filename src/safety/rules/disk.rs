//! Disks, partitions and file systems.

use super::delete::shown;
use super::{Arg, Invocation, Place, Risk, Rule, Verdict, rule};
use crate::safety::evaluate::Feed;

pub(super) const RULES: &[Rule] = &[
    rule("disk.write", "`dd` writing to a disk or over a file"),
    rule("disk.format", "a file system made where another one may be"),
    rule("disk.partition", "a changed partition table"),
    rule("disk.erase", "a disk, its signatures or its keys erased"),
    rule("disk.volume", "a volume, pool, array or snapshot destroyed or changed"),
    rule("disk.firmware", "firmware or a boot sector written"),
    rule("disk.mount", "a file system mounted, unmounted or repaired"),
];

pub(super) fn judge(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    match name {
        "dd" | "gdd" | "dcfldd" | "dc3dd" | "pv" => dd(invocation, verdict),
        "ddrescue" | "partclone.restore" | "ntfsclone" | "clonezilla" | "ocs-sr" => raw(invocation, verdict),
        _ if name == "mkfs" || name.starts_with("mkfs.") || name.starts_with("newfs") => format(invocation, verdict),
        "mkswap" | "mke2fs" | "mkdosfs" | "mkntfs" | "mkexfatfs" | "format.com" => format(invocation, verdict),
        "fdisk" | "sfdisk" | "cfdisk" | "gdisk" | "cgdisk" | "sgdisk" | "parted" | "gparted" | "partprobe" => {
            partition(invocation, verdict);
        }
        "wipefs" | "blkdiscard" | "hdparm" | "nvme" | "sg_format" | "badblocks" | "scrub" | "nwipe" | "dban" => {
            erase(invocation, verdict);
        }
        "cryptsetup" => cryptsetup(invocation, verdict),
        "diskutil" | "asr" | "hdiutil" | "newfs_apfs" => diskutil(invocation, verdict),
        "lvremove" | "vgremove" | "pvremove" | "lvreduce" | "lvresize" | "vgreduce" | "pvcreate" | "vgcreate"
        | "vgchange" | "lvchange" | "lvcreate" | "vgextend" | "lvextend" | "mdadm" | "zfs" | "zpool" | "btrfs"
        | "dmsetup" | "bcachefs" => {
            volume(invocation, verdict);
        }
        "flashrom" | "fwupdmgr" | "grub-install" | "efibootmgr" | "bootctl" | "mtd" | "flashcp" | "update-grub"
        | "grub-mkconfig" | "nvramtool" => firmware(invocation, verdict),
        "growpart" if invocation.has(&["-N", "--dry-run"]) => verdict.harmless(),
        "fstrim" => verdict.report("disk.mount", Risk::Caution, invocation.whole(), "tells a disk what is free"),
        "xfs_admin"
            if invocation.args.iter().all(|arg| !arg.is_option() || matches!(arg.text.as_str(), "-l" | "-u")) =>
        {
            verdict.harmless();
        }
        "growpart" | "ntfsfix" | "xfs_admin" | "reiserfstune" => {
            verdict.report("disk.mount", Risk::Dangerous, invocation.whole(), "changes a file system under the files");
        }
        "mount" | "umount" | "swapoff" | "swapon" | "fsck" | "e2fsck" | "tune2fs" | "resize2fs" | "xfs_repair"
        | "debugfs" | "losetup" | "mount.cifs" => mount(invocation, verdict),
        _ if name.starts_with("fsck.") => mount(invocation, verdict),
        _ => {}
    }
}

fn whole_disk<'a>(invocation: &Invocation<'a>) -> Option<&'a Arg> {
    invocation.args.iter().find(|arg| arg.text.contains("/dev/") && invocation.place(&arg.text) == Place::Disk)
}

fn dd(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let Some((arg, file)) = invocation.args.iter().find_map(|arg| arg.text.strip_prefix("of=").map(|file| (arg, file)))
    else {
        return verdict.harmless();
    };
    let place = invocation.place(file);
    // With `conv=excl` a file that is there is left alone.
    let careful = invocation.args.iter().any(|arg| arg.text.starts_with("conv=") && arg.text.contains("excl"));
    let name = shown(file);
    let whole_word = Arg { text: file.to_owned(), ..arg.clone() };
    match place {
        Place::Sink => verdict.harmless(),
        Place::Disk => {
            verdict.report("disk.write", Risk::Blocked, arg.span.clone(), format!("writes over the disk {name}"));
        }
        Place::Unknown => verdict.report(
            "disk.write",
            Risk::Dangerous,
            arg.span.clone(),
            "writes over something only known when it runs",
        ),
        Place::Vital | Place::Startup | Place::Secret | Place::SystemFile => {
            super::overwrite::target(place, &whole_word, verdict);
        }
        _ if careful => verdict.report("disk.write", Risk::Caution, arg.span.clone(), format!("writes {name}")),
        _ => {
            let message = format!("writes over {name}, whatever it holds");
            verdict.report("disk.write", Risk::Dangerous, arg.span.clone(), message);
            let end = invocation.span.end;
            verdict.suggest(Risk::Dangerous, end..end, || " conv=excl".to_owned());
        }
    }
}

/// Copies that name their target last.
fn raw(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let target = invocation.args.iter().rfind(|arg| !arg.is_option() && arg.text.contains("/dev/"));
    match target.filter(|arg| invocation.place(&arg.text) == Place::Disk) {
        Some(disk) if invocation.args.len() > 1 => verdict.report(
            "disk.write",
            Risk::Blocked,
            disk.span.clone(),
            format!("writes over the disk {}", shown(&disk.text)),
        ),
        _ => verdict.report("disk.write", Risk::Caution, invocation.whole(), "copies a disk"),
    }
}

fn format(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.has(&["-n", "-N", "--help", "-V", "--version"]) {
        return verdict.harmless();
    }
    match whole_disk(invocation) {
        Some(disk) => verdict.report(
            "disk.format",
            Risk::Blocked,
            disk.span.clone(),
            format!("formats {}: everything on it is lost", shown(&disk.text)),
        ),
        None if invocation.name == "mkswap" => {
            verdict.report("disk.format", Risk::Caution, invocation.whole(), "makes a file into memory to swap to");
        }
        None => verdict.report(
            "disk.format",
            Risk::Dangerous,
            invocation.whole(),
            "makes a new file system over what is there",
        ),
    }
}

fn partition(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.has(&[
        "-L", "-h", "-l", "--list", "print", "-p", "--print", "-d", "--dump", "-v", "--verify", "-s", "--help", "-V",
    ]) && !invocation.has(&["rm", "mklabel", "mkpart", "resizepart", "-Z", "--zap-all", "-o", "mktable"])
    {
        return verdict.harmless();
    }
    let words = ["mklabel", "mktable", "o\n", "g\n", "clean", "zap", ",", "label:"];
    let script = match invocation.feed {
        Feed::Text(text, _) => words.iter().any(|word| text.contains(word)) || text.trim_end().ends_with('w'),
        Feed::File => invocation.name == "sfdisk",
        _ => false,
    };
    let bundled = invocation.name == "sgdisk"
        && invocation
            .args
            .iter()
            .any(|arg| arg.is_option() && !arg.text.starts_with("--") && arg.text.contains(['o', 'Z', 'z']));
    let wipes = script
        || bundled
        || invocation.has(&["mklabel", "mktable", "-Z", "--zap-all", "-o", "--clear", "-zap", "--delete"]);
    match whole_disk(invocation) {
        Some(disk) if wipes => verdict.report(
            "disk.partition",
            Risk::Blocked,
            disk.span.clone(),
            format!("throws the partitions of {} away", shown(&disk.text)),
        ),
        _ => verdict.report("disk.partition", Risk::Dangerous, invocation.whole(), "changes the partitions of a disk"),
    }
}

fn erase(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    let erases = match name {
        "wipefs" => {
            let options = invocation.options("tob", &["--types", "--offset"]);
            options.any("ao", "all") && !options.any("n", "no-act")
        }
        "hdparm" => invocation.args.iter().any(|arg| {
            arg.text.contains("security-set-pass")
                || arg.text.contains("security-erase")
                || arg.text.contains("trim-sector")
                || arg.text.contains("write-sector")
                || arg.text.contains("make-bad")
        }),
        "nvme" => matches!(invocation.word(0), "format" | "sanitize" | "write" | "delete-ns"),
        "badblocks" => invocation.options("bcedioptx", &[]).short('w'),
        _ => true,
    };
    if !erases {
        return verdict.harmless();
    }
    match whole_disk(invocation) {
        Some(disk) => {
            verdict.report("disk.erase", Risk::Blocked, disk.span.clone(), format!("erases {}", shown(&disk.text)));
        }
        None => verdict.report("disk.erase", Risk::Dangerous, invocation.whole(), "erases what is on a disk"),
    }
    if name == "wipefs"
        && let Some(first) = invocation.args.first()
    {
        verdict.suggest(Risk::Blocked, first.span.start..first.span.start, || "--no-act ".to_owned());
    }
}

fn cryptsetup(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let options = invocation.options(
        "chislpySd",
        &[
            "--type",
            "--cipher",
            "--hash",
            "--key-size",
            "--key-file",
            "--iter-time",
            "--key-slot",
            "--sector-size",
            "--pbkdf",
            "--label",
            "--header",
        ],
    );
    let action = options.operands.first().map_or("", |arg| arg.text.as_str());
    match action {
        "luksFormat" | "reencrypt" | "erase" | "luksErase" | "luksRemoveKey" | "luksKillSlot" | "luksDelKey"
        | "format" => match whole_disk(invocation) {
            Some(disk) if matches!(action, "luksFormat" | "erase" | "luksErase" | "format") => {
                verdict.report(
                    "disk.erase",
                    Risk::Blocked,
                    disk.span.clone(),
                    format!("makes everything on {} unreadable", shown(&disk.text)),
                );
            }
            _ => verdict.report(
                "disk.erase",
                Risk::Dangerous,
                invocation.whole(),
                "throws keys of an encrypted disk away",
            ),
        },
        "status" | "luksDump" | "isLuks" | "benchmark" | "luksUUID" => verdict.harmless(),
        _ => verdict.report("disk.mount", Risk::Caution, invocation.whole(), "opens or closes an encrypted disk"),
    }
}

fn diskutil(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let action = invocation.word(0).to_ascii_lowercase();
    match action.as_str() {
        "list" | "info" | "activity" | "listfilesystems" | "verifydisk" | "verifyvolume" | "imageinfo" => {
            verdict.harmless();
        }
        "erasedisk" | "zerodisk" | "randomdisk" | "secureerase" | "partitiondisk" | "reformat" => {
            verdict.report("disk.erase", Risk::Blocked, invocation.whole(), "erases a whole disk");
        }
        "apfs"
            if invocation.args.iter().any(|arg| {
                arg.text.to_ascii_lowercase().starts_with("delete")
                    || arg.text.to_ascii_lowercase().starts_with("erase")
            }) =>
        {
            verdict.report("disk.erase", Risk::Dangerous, invocation.whole(), "deletes a volume and everything on it");
        }
        "unmountdisk" if invocation.has(&["force"]) => {
            verdict.report(
                "disk.mount",
                Risk::Dangerous,
                invocation.whole(),
                "takes a disk away from what writes on it",
            );
        }
        "erasekeys" => {
            verdict.report("disk.erase", Risk::Dangerous, invocation.whole(), "makes an image unreadable for good");
        }
        "erasevolume" | "eject" | "deletesnapshot" | "deletecontainer" | "restore" if action != "eject" => {
            verdict.report("disk.erase", Risk::Dangerous, invocation.whole(), "erases a volume and everything on it");
        }
        _ => verdict.report("disk.mount", Risk::Caution, invocation.whole(), "changes what is mounted"),
    }
}

fn volume(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let actions: Vec<&str> = invocation
        .args
        .iter()
        .map(|arg| arg.text.as_str())
        .filter(|text| !text.starts_with('-') || text.starts_with("--"))
        .take(3)
        .collect();
    let says = |words: &[&str]| actions.iter().any(|action| words.contains(action));
    let destroys = match invocation.name {
        "lvremove" | "vgremove" | "pvremove" | "lvreduce" | "vgreduce" | "pvcreate" => true,
        "vgchange" | "lvchange" => invocation.has(&["-an", "-aln", "n"]),
        "mdadm" => invocation.has(&["--zero-superblock", "--stop", "-S", "--create", "-C", "--remove", "-r", "--fail"]),
        "zfs" => says(&["destroy", "rollback"]),
        "zpool" => says(&["destroy", "labelclear", "create", "remove", "detach", "split"]),
        "btrfs" => says(&["delete", "remove", "del"]) || says(&["--repair"]),
        "bcachefs" => says(&["format"]),
        "dmsetup" => says(&["remove", "remove_all", "wipe_table"]),
        _ => false,
    };
    let reads = match invocation.name {
        "zfs" => says(&["list", "get", "diff"]),
        "zpool" => says(&["list", "status", "get", "iostat", "history"]),
        "btrfs" => says(&["show", "list", "usage", "df", "stats", "status"]),
        "mdadm" => invocation.has(&["--detail", "-D", "--examine", "-E", "--query", "-Q"]),
        "dmsetup" => says(&["ls", "info", "status", "table"]),
        _ => false,
    };
    if destroys && !invocation.has(&["--test", "-t", "-n", "--dry-run"]) {
        let dry = matches!(invocation.name, "zfs") && invocation.has(&["-nv", "-vn"]);
        // The label of a disk is what everything on it is found by.
        let unlabels = matches!(invocation.name, "pvremove" | "pvcreate")
            || says(&["labelclear"])
            || invocation.has(&["--zero-superblock"]);
        if !dry {
            let risk = if unlabels && whole_disk(invocation).is_some() { Risk::Blocked } else { Risk::Dangerous };
            return verdict.report("disk.volume", risk, invocation.whole(), "destroys a volume, array or snapshot");
        }
    }
    if reads {
        verdict.harmless();
    } else {
        verdict.report("disk.volume", Risk::Caution, invocation.whole(), "changes volumes");
    }
}

fn firmware(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    if invocation.name == "efibootmgr" && invocation.args.iter().all(|arg| matches!(arg.text.as_str(), "-u" | "-v")) {
        return verdict.harmless();
    }
    let reads = invocation.args.is_empty() && matches!(invocation.name, "efibootmgr" | "bootctl")
        || invocation.has(&["-r", "--read", "-v", "get-devices", "get-updates", "status", "list", "get-history"])
            && !invocation.has(&["-w", "-E"]);
    if reads {
        return verdict.harmless();
    }
    verdict.report(
        "disk.firmware",
        Risk::Dangerous,
        invocation.whole(),
        "writes firmware or what the machine starts from",
    );
}

fn mount(invocation: &Invocation<'_>, verdict: &mut Verdict) {
    let name = invocation.name;
    if name == "mount" && (invocation.args.is_empty() || invocation.has(&["-l", "--help"]))
        || name == "losetup" && (invocation.args.is_empty() || invocation.has(&["-a", "-l", "-f"]))
    {
        return verdict.harmless();
    }
    if name == "xfs_repair" && invocation.has(&["-n"])
        || name == "debugfs" && !invocation.has(&["-w"]) && *invocation.feed == Feed::Nothing
    {
        return verdict.harmless();
    }
    if name == "tune2fs" && invocation.has(&["-l"]) || name.contains("fsck") && invocation.has(&["-n", "-N"]) {
        return verdict.harmless();
    }
    let target = invocation.args.iter().find(|arg| !arg.is_option() && invocation.place(&arg.text).is_catastrophic());
    let hides = name == "mount"
        && invocation.args.iter().any(|arg| {
            matches!(invocation.place(&arg.text), Place::Vital | Place::SystemFile) && arg.text.starts_with("/etc")
        });
    let repairs = hides || name.contains("fsck") || matches!(name, "xfs_repair" | "tune2fs" | "resize2fs" | "debugfs");
    match target {
        Some(target)
            if matches!(name, "umount" | "mount")
                && target.text != "/mnt"
                && !target.text.starts_with("/mnt/")
                && !target.text.starts_with("/media") =>
        {
            verdict.report(
                "disk.mount",
                Risk::Dangerous,
                target.span.clone(),
                format!("takes {} away from what runs", shown(&target.text)),
            );
        }
        _ if repairs || invocation.name == "umount" && invocation.has(&["-a", "--all"]) => {
            verdict.report("disk.mount", Risk::Dangerous, invocation.whole(), "changes a file system under the files");
        }
        _ => verdict.report("disk.mount", Risk::Caution, invocation.whole(), "changes what is mounted"),
    }
}
