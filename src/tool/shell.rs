//! Which names a shell looks for on the machine, and which it knows itself.

use crate::shell::Shell;

const POSIX: &str = " . : [ [[ alias bg bind break builtin caller cd command compgen complete compopt continue coproc declare dirs \
    disown do done echo else enable esac eval exec exit export false fc fg fi for function getopts hash help history if in jobs kill \
    let local logout mapfile popd printf pushd pwd read readarray readonly return select set shift shopt source suspend test then \
    time times trap true type typeset ulimit umask unalias unset until wait while ! { } ";

const ZSH: &str = " autoload bindkey chdir disable emulate float functions getln integer limit log noglob nocorrect print rehash sched \
    setopt unfunction unhash unlimit unsetopt vared where whence which zformat zle zmodload zparseopts zstyle ";

const FISH: &str = " abbr and argparse begin block case contains count emit end fish_add_path fish_config fish_key_reader fish_update_completions \
    funced funcsave functions isatty math not or psub random realpath set_color status string switch vared path ";

const CMD: &str = " assoc break call cd chdir cls color copy date del dir echo endlocal erase exit for ftype goto if md mkdir mklink \
    move path pause popd prompt pushd rd rem ren rename rmdir set setlocal shift start time title type ver verify vol ";

// Aliases and keywords; a cmdlet is told by its dash.
const POWERSHELL: &str = " % ? . & ac begin break cat catch cd chdir class clc clear clp cls compare continue copy cp curl cvpa data \
    del diff dir do dynamicparam echo else elseif end enum epal epcsv erase exit fc filter finally fl for foreach from ft function \
    fw gal gbp gc gci gcim gcm gcs gdr ghy gi gin gjb gl gm gmo gp gps group gsv gtz gu gv h help history icm if iex ihy ii in ipal \
    ipcsv ipmo irm iwr kill lp ls man md measure mi mkdir mount move mp mv ni nal nmo nsn nv ogv oh param popd process ps pushd pwd \
    r rd ren return ri rjb rm rmdir rmo rni rnp rp rsn rsnp rv rvpa sajb sal saps sasv sbp sc select set shcm si sl sleep sls sort \
    sp spjb spps spsv start stz sv switch tee throw trap trcm try type until using wget where while wjb workflow write ";

/// Whether a name is one the shell looks for among the programs of the machine.
pub(super) fn is_program(name: &str, shell: Shell) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '+');
    let well_formed = name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain);
    let known = |list: &str| list.split_ascii_whitespace().any(|known| known.eq_ignore_ascii_case(name));
    well_formed
        && match shell {
            Shell::Bash => !known(POSIX),
            Shell::Zsh => !known(POSIX) && !known(ZSH),
            Shell::Fish => !known(POSIX) && !known(FISH),
            Shell::Cmd => !known(CMD),
            Shell::PowerShell => !name.contains('-') && !known(POWERSHELL),
        }
}
