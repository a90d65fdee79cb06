# Caro for PowerShell. Put this into $PROFILE:  caro init powershell | Out-String | Invoke-Expression
#
# Write what you want at the prompt and press Alt+J: the command takes its place. It is never run; Enter is yours.

Set-PSReadLineKeyHandler -Chord 'Alt+j' -BriefDescription 'Caro' -Description 'Turns the line into a command' -ScriptBlock {
    $line = $null
    $cursor = $null
    [Microsoft.PowerShell.PSConsoleReadLine]::GetBufferState([ref]$line, [ref]$cursor)
    if ([string]::IsNullOrWhiteSpace($line)) { return }
    $answer = & caro --shell powershell -- $line
    if ($LASTEXITCODE -eq 0 -and $answer) {
        [Microsoft.PowerShell.PSConsoleReadLine]::Replace(0, $line.Length, "$answer")
    }
}
