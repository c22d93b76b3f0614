// Ready lines for the keymaps of editors, which work where a global hotkey does not: each runs `slipstream interrupt`.

export interface Keymap {
  readonly editor: string
  /** Where the lines go. */
  readonly place: string
  readonly text: string
}

export const KEYMAPS: readonly Keymap[] = [
  {
    editor: 'VS Code',
    place:
      'a task in tasks.json, and a key for it in keybindings.json; on Windows ctrl+alt+backspace, as the task manager has this one',
    text: `{ "label": "slipstream interrupt", "type": "process", "command": "slipstream", "args": ["interrupt"], "presentation": { "reveal": "never" } }
{ "key": "ctrl+shift+escape", "command": "workbench.action.tasks.runTask", "args": "slipstream interrupt" }`,
  },
  {
    editor: 'JetBrains',
    place: 'Settings, Tools, External Tools; then a key for it under Keymap',
    text: `Name: Slipstream interrupt    Program: slipstream
Arguments: interrupt    Working directory: $ProjectFileDir$`,
  },
  {
    editor: 'Vim, Neovim',
    place: 'vimrc or init.vim',
    text: `nnoremap <silent> <leader>si :call system('slipstream interrupt')<CR>
nnoremap <leader>sn :call system('slipstream nudge ' . shellescape(input('Nudge: ')))<CR>`,
  },
  {
    editor: 'Emacs',
    place: 'init.el',
    text: `(global-set-key (kbd "C-c s i")
  (lambda () (interactive) (call-process "slipstream" nil 0 nil "interrupt")))`,
  },
  {
    editor: 'Sublime Text',
    place: 'Key Bindings',
    text: `{ "keys": ["ctrl+alt+escape"], "command": "exec", "args": { "cmd": ["slipstream", "interrupt"], "quiet": true } }`,
  },
  {
    editor: 'Zed',
    place: 'a task in tasks.json, and a key for it in keymap.json',
    text: `[{ "label": "slipstream interrupt", "command": "slipstream interrupt", "reveal": "never", "hide": "always" }]
[{ "bindings": { "ctrl-alt-escape": ["task::Spawn", { "task_name": "slipstream interrupt" }] } }]`,
  },
]
