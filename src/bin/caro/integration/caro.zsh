# Caro for zsh. Put this into ~/.zshrc:  eval "$(caro init zsh)"
#
# Write what you want at the prompt and press Alt+J: the command takes its place. It is never run; Enter is yours.

__caro_answer() {
    emulate -L zsh
    local question=$BUFFER answer
    [[ -n ${question//[[:space:]]/} ]] || return 0
    # What there is to know about the command is said on stderr; the prompt is drawn anew below it.
    zle -I
    answer=$(command caro --shell zsh -- "$question") || return 0
    [[ -n $answer ]] || return 0
    BUFFER=$answer
    CURSOR=$#BUFFER
}

# Tells the running app where this shell is, so that the popup knows which folder a command is for: a program beside the prompt
# when the folder has changed, and nothing else.
__caro_here() {
    # Two words: zsh splits none.
    command caro here --pid $$ ${TTY:+--tty} ${TTY:+$TTY} &>/dev/null </dev/null &!
}

if [[ -o interactive ]]; then
    autoload -Uz add-zsh-hook
    add-zsh-hook chpwd __caro_here
    __caro_here
    zle -N caro-answer __caro_answer
    bindkey -M emacs '\ej' caro-answer
    bindkey -M viins '\ej' caro-answer
fi
