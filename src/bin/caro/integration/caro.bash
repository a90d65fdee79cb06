# Caro for bash. Put this into ~/.bashrc:  eval "$(caro init bash)"
#
# Write what you want at the prompt and press Alt+J: the command takes its place. It is never run; Enter is yours.

__caro_answer() {
    local question=$READLINE_LINE command
    [[ -n ${question//[[:space:]]/} ]] || return 0
    # What there is to know about the command is said on stderr, above the prompt.
    command=$(command caro --shell bash -- "$question") || return 0
    [[ -n $command ]] || return 0
    READLINE_LINE=$command
    READLINE_POINT=${#READLINE_LINE}
}

if [[ $- == *i* ]]; then
    bind -m emacs -x '"\ej": __caro_answer'
    bind -m vi-insert -x '"\ej": __caro_answer'
fi
