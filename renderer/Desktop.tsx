// What can be chosen about the desktop window: hotkeys with what is known of them, its edge, the strip, notices, updates, key.
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import type { DesktopPreferences, DesktopView, HotkeyView, Result } from '../preload/contract.ts'
import { useController } from './hooks.ts'
import { KEYMAPS } from './keymaps.ts'
import { sentence, visible } from './visible.ts'

const STATUS: Readonly<Record<HotkeyView['status'], string>> = {
  registered: 'works',
  unproven: 'unproven',
  refused: 'refused',
  off: 'off',
}

const HOTKEYS = [
  { name: 'interrupt', label: 'Stop the stream, from anywhere' },
  { name: 'toggle', label: 'Show or hide the window' },
] as const

const UPDATES = [
  { value: 'off', label: 'Never look for updates' },
  { value: 'latest', label: 'Install releases' },
  { value: 'beta', label: 'Install previews too' },
] as const

/** Shows nothing in a browser, which has no desktop shell behind it. */
export function Desktop() {
  const controller = useController()
  const [view, setView] = useState<DesktopView | null>(null)

  useEffect(() => {
    let stopped = false
    async function read(): Promise<void> {
      const result = await controller.call('desktop', {})
      if (!stopped && result.ok) setView(result.value)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [controller])

  return view === null ? null : <Form view={view} onView={setView} />
}

interface FormProps {
  readonly view: DesktopView
  readonly onView: (view: DesktopView) => void
}

function Form({ view, onView }: FormProps) {
  const controller = useController()
  const { preferences } = view
  const [chords, setChords] = useState(preferences.hotkeys)
  const [fault, setFault] = useState<string | null>(null)

  function take(result: Result<DesktopView>): void {
    setFault(result.ok ? null : result.failure.message)
    if (result.ok) onView(result.value)
  }

  async function change(changes: Partial<DesktopPreferences>): Promise<void> {
    take(await controller.call('desktopConfigure', { preferences: { ...preferences, ...changes } }))
  }

  function saveChords(event: FormEvent): void {
    event.preventDefault()
    void change({ hotkeys: { interrupt: chords.interrupt.trim(), toggle: chords.toggle.trim() } })
  }

  return (
    <section className="settings" data-testid="desktop" aria-labelledby="desktop-heading">
      <h2 id="desktop-heading">Desktop window</h2>
      {view.placement === null ? null : <p className="hint">{sentence(view.placement)}</p>}
      <form className="settings" onSubmit={saveChords}>
        {HOTKEYS.map(({ name, label }) => (
          <Hotkey
            key={name}
            label={label}
            chord={chords[name]}
            known={view.hotkeys.find((hotkey) => hotkey.name === name)}
            onChord={(chord) => setChords({ ...chords, [name]: chord })}
          />
        ))}
        <div className="actions">
          <button type="submit">Use these keys</button>
        </div>
      </form>
      <details>
        <summary>Keys in your editor instead</summary>
        {KEYMAPS.map(({ editor, place, text }) => (
          <figure key={editor} className="keymap">
            <figcaption className="hint">
              {editor}: {place}
            </figcaption>
            <pre>{text}</pre>
          </figure>
        ))}
      </details>
      <Choice label="Edge of the screen">
        <select
          value={preferences.side}
          data-testid="desktop-side"
          onChange={(event) => void change({ side: event.target.value === 'left' ? 'left' : 'right' })}
        >
          <option value="left">Left</option>
          <option value="right">Right</option>
        </select>
      </Choice>
      <Choice label="Updates">
        <select
          value={preferences.updates}
          data-testid="desktop-updates"
          onChange={(event) => {
            const chosen = UPDATES.find(({ value }) => value === event.target.value)
            if (chosen !== undefined) void change({ updates: chosen.value })
          }}
        >
          {UPDATES.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Choice>
      {view.updates === null ? null : <p className="hint">{sentence(view.updates)}</p>}
      <Switch
        label="Always on top"
        name="always-on-top"
        on={preferences.alwaysOnTop}
        onChange={(alwaysOnTop) => void change({ alwaysOnTop })}
      />
      <Switch
        label="Only a strip"
        name="compact"
        on={preferences.compact}
        onChange={(compact) => void change({ compact })}
      />
      <Switch
        label="Tell me when something waits while the window is hidden"
        name="notifications"
        on={preferences.notifications}
        onChange={(notifications) => void change({ notifications })}
      />
      <KeyStore view={view} onResult={take} />
      {fault === null && view.fault === null ? null : (
        <p className="card-failure" role="alert">
          {sentence(fault ?? view.fault ?? '')}
        </p>
      )}
    </section>
  )
}

interface HotkeyProps {
  readonly label: string
  readonly chord: string
  readonly known: HotkeyView | undefined
  readonly onChord: (chord: string) => void
}

function Hotkey({ label, chord, known, onChord }: HotkeyProps) {
  // What is known belongs to the chord that is in use, not to the one that is being typed.
  const current = known !== undefined && known.chord === chord.trim() ? known : null
  return (
    <>
      <Choice label={label}>
        <input
          name={`hotkey-${known?.name ?? label}`}
          data-testid={`hotkey-${known?.name ?? label}`}
          autoComplete="off"
          spellCheck={false}
          maxLength={100}
          placeholder="none"
          value={chord}
          onChange={(event) => onChord(event.target.value)}
        />
      </Choice>
      {current === null ? null : (
        <p className="hint" data-testid={`hotkey-status-${current.name}`} data-status={current.status}>
          {STATUS[current.status]}
          {current.message === null ? '' : `: ${visible(current.message)}`}
        </p>
      )}
    </>
  )
}

function KeyStore({
  view,
  onResult,
}: {
  readonly view: DesktopView
  readonly onResult: (result: Result<DesktopView>) => void
}) {
  const controller = useController()
  const [key, setKey] = useState('')
  const { state, message } = view.keyStore

  async function keep(given: string): Promise<void> {
    const result = await controller.call('desktopKey', { key: given })
    if (result.ok) setKey('')
    onResult(result)
  }

  return (
    <>
      <Choice label="Key, kept in this system's key store">
        <input
          type="password"
          data-testid="desktop-key"
          autoComplete="off"
          spellCheck={false}
          maxLength={2000}
          disabled={state === 'refused'}
          placeholder={state === 'stored' ? 'stored' : 'none'}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      </Choice>
      {message === null ? null : <p className="hint">{sentence(message)}</p>}
      <div className="actions">
        <button type="button" disabled={key === ''} onClick={() => void keep(key)}>
          Keep the key
        </button>
        {state === 'stored' ? (
          <button type="button" className="quiet" onClick={() => void keep('')}>
            Forget the stored key
          </button>
        ) : null}
      </div>
    </>
  )
}

function Choice({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // The one control inside is the labelled one.
    <label className="setting">
      <span>{label}</span>
      {children}
    </label>
  )
}

interface SwitchProps {
  readonly label: string
  readonly name: string
  readonly on: boolean
  readonly onChange: (on: boolean) => void
}

function Switch({ label, name, on, onChange }: SwitchProps) {
  return (
    <label className="switch">
      <input
        type="checkbox"
        name={name}
        data-testid={`desktop-${name}`}
        checked={on}
        onChange={(event) => onChange(event.target.checked)}
      />{' '}
      {label}
    </label>
  )
}
