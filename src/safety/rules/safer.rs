//! Something safer to write instead: a look before the leap, a dry run, a way that can be undone. One row a case.
//!
//! A rule that knows its own alternative offers it itself; these rows are for the many commands whose alternative follows from
//! the program alone. What is offered is judged like any other line and dropped unless it is judged lower.

use super::{Invocation, Risk, Verdict};
use crate::safety::evaluate::Feed;

/// How the command is changed.
#[derive(Clone, Copy)]
enum Offer {
    /// Something is added at its end.
    Append(&'static str),
    /// Another program takes its arguments.
    Rename(&'static str),
    /// One argument becomes another text, or goes.
    Instead(&'static str, &'static str),
    /// Another command, which only looks.
    Look(&'static str),
    /// Another command, with the last argument that is no option.
    LookAt(&'static str),
}
use Offer::{Append, Instead, Look, LookAt, Rename};

type Row = (&'static [&'static str], &'static [&'static str], Offer);

/// Program, words it must have, offer. The first that fits counts.
const ROWS: &[Row] = &[
    (&["aws"], &["s3", "rm"], Append(" --dryrun")),
    (&["aws"], &["s3", "sync"], Append(" --dryrun")),
    (&["terraform", "tofu"], &["destroy"], Look("terraform plan -destroy")),
    (&["terraform", "tofu"], &["apply"], Look("terraform plan")),
    (&["pulumi"], &["destroy"], Look("pulumi preview")),
    (&["pulumi"], &["up"], Look("pulumi preview")),
    (&["helm"], &["uninstall"], Append(" --dry-run")),
    (&["docker", "podman"], &["prune"], Look("docker system df")),
    (&["docker", "podman"], &["volume"], Look("docker volume ls")),
    (&["dropdb"], &[], LookAt("pg_dump -f backup.sql")),
    (&["psql"], &[], Look("pg_dump -f backup.sql")),
    (&["mysql", "mariadb", "mysqladmin"], &[], Look("mysqldump --all-databases --result-file=backup.sql")),
    (&["mongo", "mongosh"], &[], Look("mongodump")),
    (&["redis-cli", "valkey-cli"], &[], Look("redis-cli info keyspace")),
    (&["mv"], &["/dev/null"], Rename("gio trash")),
    (&["rm", "unlink", "srm"], &[], Rename("gio trash")),
    (&["trash-empty"], &[], Look("trash-list")),
    (&["gio"], &["--empty"], Look("gio list trash://")),
    (&["rclone"], &[], Append(" --dry-run")),
    (&["mkfs.ext2", "mkfs.ext3", "mkfs.ext4", "mke2fs"], &[], Append(" -n")),
    (
        &[
            "mkfs",
            "mkfs.xfs",
            "mkfs.vfat",
            "mkfs.btrfs",
            "mkfs.ntfs",
            "mkfs.f2fs",
            "mkswap",
            "wipefs",
            "dd",
            "cryptsetup",
            "parted",
        ],
        &[],
        Look("lsblk -f"),
    ),
    (&["fdisk", "sfdisk", "cfdisk", "sgdisk", "gdisk"], &[], LookAt("fdisk -l")),
    (&["zfs"], &["destroy"], Append(" -nv")),
    (&["lvremove", "vgremove", "pvremove", "lvreduce", "vgreduce"], &[], Append(" --test")),
    (&["e2fsck", "fsck", "fsck.ext4"], &[], LookAt("fsck -n")),
    (&["efibootmgr", "bootctl"], &[], Look("efibootmgr -v")),
    (&["git"], &["push"], Append(" --dry-run")),
    (&["git"], &["gc"], Look("git gc")),
    (&["git"], &["reflog"], Look("git reflog")),
    (&["git"], &["prune"], Append(" -n")),
    (&["git"], &["stash", "drop"], Look("git stash show -p")),
    (&["git"], &["stash", "clear"], Look("git stash list")),
    (&["git"], &["filter-repo"], Append(" --dry-run")),
    (&["gh"], &["repo", "delete"], Look("gh repo view")),
    (&["restic", "borg"], &[], Append(" --dry-run")),
    (&["date", "hwclock", "timedatectl"], &[], Look("timedatectl")),
    (&["iptables", "ip6tables"], &[], Look("iptables-save")),
    (&["nft"], &[], Look("nft list ruleset")),
    (&["ufw"], &[], Look("ufw status numbered")),
    (&["firewall-cmd"], &[], Look("firewall-cmd --list-all")),
    (&["modprobe"], &[], Append(" -n -v")),
    (&["journalctl"], &[], Look("journalctl --disk-usage")),
    (&["dmesg"], &[], Look("dmesg")),
    (&["history"], &[], Look("history")),
    (&["ip", "ifconfig"], &[], Look("ip -brief address")),
    (&["systemctl"], &["stop"], LookAt("systemctl status")),
    (&["systemctl"], &["disable"], LookAt("systemctl status")),
    (&["systemctl"], &["mask"], LookAt("systemctl status")),
    (&["systemctl"], &["kill"], LookAt("systemctl status")),
    (&["usermod", "userdel", "deluser", "passwd", "gpasswd"], &[], LookAt("id")),
    (&["sed", "gsed"], &["-i"], Instead("-i", "")),
    (&["apt", "apt-get"], &[], Append(" --dry-run")),
    (&["npm", "cargo", "pnpm", "yarn"], &["publish"], Append(" --dry-run")),
    (&["install"], &["4755"], Instead("4755", "755")),
    (&["chmod"], &["4755"], Instead("4755", "755")),
    (&["chmod"], &["u+s"], Instead("u+s", "u+x")),
    (&["chmod"], &["+s"], Instead("+s", "u+x")),
    (&["chmod", "chown", "chgrp", "setfacl"], &["-R"], Instead("-R", "")),
    (&["chattr"], &[], LookAt("lsattr")),
    (&["setcap"], &[], LookAt("getcap")),
    (&["ssh-copy-id"], &[], Append(" -n")),
    (&["pkill", "killall"], &[], Rename("pgrep -l")),
    (&["ssh", "autossh"], &["-R"], Instead("-R", "-L")),
    (&["redis-server", "mongod", "jupyter", "dockerd"], &["0.0.0.0"], Instead("0.0.0.0", "127.0.0.1")),
    (&["vssadmin"], &[], Look("vssadmin list shadows")),
    (&["wbadmin"], &[], Look("wbadmin get versions")),
    (&["bcdedit"], &[], Look("bcdedit /enum")),
    (&["bootrec", "bootsect"], &[], Look("bcdedit /enum")),
    (&["net"], &["user"], Look("net user")),
    (&["diskpart", "format"], &[], Look("wmic logicaldisk get name,size,freespace")),
    (&["reg"], &["delete"], Instead("delete", "query")),
];

/// Offers what the rows know for a command that was found to be dangerous.
pub(super) fn offer(invocation: &Invocation<'_>, risk: Risk, verdict: &mut Verdict) {
    if risk < Risk::Dangerous || invocation.span.is_empty() || verdict.offers(risk) {
        return;
    }
    let has = |word: &&str| invocation.args.iter().any(|arg| arg.text.eq_ignore_ascii_case(word));
    let row = ROWS.iter().find(|(programs, words, _)| programs.contains(&invocation.name) && words.iter().all(has));
    let cmdlet = row.is_none() && invocation.shell == crate::shell::Shell::PowerShell && invocation.name.contains('-');
    let whole = invocation.whole();
    let end = whole.end..whole.end;
    match row.map(|(.., offer)| *offer) {
        None if cmdlet => verdict.suggest(risk, end, || " -WhatIf".to_owned()),
        Some(Append(text)) => verdict.suggest(risk, end, || text.to_owned()),
        // What is piped in would be lost on another command.
        Some(Look(_) | LookAt(_)) if *invocation.feed != Feed::Nothing => {}
        Some(Look(text)) => verdict.suggest(risk, whole, || text.to_owned()),
        Some(LookAt(text)) => {
            let last = invocation.args.iter().rfind(|arg| !arg.is_option() && !arg.is_unknown());
            if let Some(last) = last {
                verdict
                    .suggest(risk, whole, || format!("{text} {}", crate::shell::quote(invocation.shell, &last.text)));
            }
        }
        Some(Instead(from, to)) => {
            if let Some(arg) = invocation.args.iter().find(|arg| arg.text == from) {
                let next = invocation.args.iter().find(|next| next.span.start > arg.span.end).filter(|_| to.is_empty());
                let end = next.map_or(arg.span.end, |next| next.span.start);
                verdict.suggest(risk, arg.span.start..end.max(arg.span.start), || to.to_owned());
            }
        }
        Some(Rename(program)) => {
            let above = |arg: &super::Arg| arg.is_unknown() || invocation.place(&arg.text) == super::Place::Above;
            if risk == Risk::Blocked || invocation.args.iter().any(above) {
                return;
            }
            let kept = invocation.args.iter().filter(|arg| !arg.is_option() && arg.text != "/dev/null");
            let words = kept.map(|arg| {
                if arg.text.contains(['*', '?', '[']) {
                    arg.text.clone()
                } else {
                    crate::shell::quote_path(invocation.shell, &arg.text).into_owned()
                }
            });
            verdict.suggest(risk, whole, || words.fold(program.to_owned(), |line, word| line + " " + &word));
        }
        _ => {}
    }
}
