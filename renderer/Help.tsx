// Every key and what it does.
import { Dialog } from './Dialog.tsx'
import { BINDINGS } from './keys.ts'

const NAMES: Readonly<Record<string, string>> = { Escape: 'Esc' }

export function Help({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {BINDINGS.map(({ keys, action, does }) => (
          <div key={action}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{NAMES[key] ?? key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
      <p>
        Keys are dead for half a second after the window gains focus, and three within 0.4 s count as typing that was
        meant for your editor: nothing runs. So a key that decides takes effect 0.4 s after it was pressed; until then{' '}
        <kbd>u</kbd> takes it back. Buttons act at once.
      </p>
      <p>
        From any editor or shell: <code>slipstream interrupt</code>, <code>accept</code>, <code>reject</code>,{' '}
        <code>nudge TEXT</code>, <code>continue</code>, <code>undo</code>.
      </p>
    </Dialog>
  )
}
