# Caro for fish. Put this into ~/.config/fish/config.fish:  caro init fish | source
#
# Write what you want at the prompt and press Alt+J: the command takes its place. It is never run; Enter is yours.

function __caro_answer
    set -l question (commandline | string collect)
    test -n (string trim -- "$question" | string collect); or return
    # What there is to know about the command is said on stderr, below the prompt, which is drawn anew.
    echo >&2
    set -l answer (command caro --shell fish -- "$question" | string collect)
    test -n "$answer"; and commandline --replace -- $answer
    commandline -f repaint
end

# Tells the running app where this shell is, so that the popup knows which folder a command is for: a program beside the prompt
# when the folder has changed, and nothing else.
function __caro_here --on-variable PWD
    command caro here --pid $fish_pid --tty "$__caro_tty" &>/dev/null </dev/null &
    disown
end

if status is-interactive
    set -g __caro_tty (tty)
    __caro_here
    bind \ej __caro_answer
    bind -M insert \ej __caro_answer
end
