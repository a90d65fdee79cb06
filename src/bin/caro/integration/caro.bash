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

# Tells the running app where this shell is, so that the popup knows which folder a command is for. A look at a variable each
# time, and a program beside the prompt when the folder has changed.
__caro_here() {
    local status=$?
    if [[ $PWD != "$__caro_folder" ]]; then
        __caro_folder=$PWD
        (command caro here --pid $$ ${__caro_tty:+--tty "$__caro_tty"} &>/dev/null </dev/null &)
    fi
    return "$status"
}

if [[ $- == *i* ]]; then
    __caro_tty=$(tty 2>/dev/null) || __caro_tty=
    [[ ${PROMPT_COMMAND-} == *__caro_here* ]] || PROMPT_COMMAND="__caro_here${PROMPT_COMMAND:+; $PROMPT_COMMAND}"
    bind -m emacs -x '"\ej": __caro_answer'
    bind -m vi-insert -x '"\ej": __caro_answer'
fi
