// Who answers, what is left out, and a key for this session: it can be given here, never read.
import { useEffect, useState, type FormEvent, type ReactNode } from 'react'
import type { ProviderView, SettingsView } from '../preload/contract.ts'
import { Desktop } from './Desktop.tsx'
import { Dialog } from './Dialog.tsx'
import { useController, useStore } from './hooks.ts'
import { sentence } from './visible.ts'

const PROVIDERS: readonly { readonly value: SettingsView['provider']; readonly label: string }[] = [
  { value: 'auto', label: 'Automatic: a key, else a local model server, else this machine' },
  { value: 'openai', label: 'OpenAI or Azure (Responses)' },
  { value: 'compatible', label: 'Compatible server (Chat Completions)' },
  { value: 'local', label: 'Embedded engine on this machine' },
]

export function Settings({ onClose }: { readonly onClose: () => void }) {
  const controller = useController()
  const [loaded, setLoaded] = useState<SettingsView | null>(null)
  const [fault, setFault] = useState<string | null>(null)

  useEffect(() => {
    let stopped = false
    async function read(): Promise<void> {
      const result = await controller.call('settings', {})
      if (stopped) return
      if (result.ok) setLoaded(result.value)
      else setFault(result.failure.message)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [controller])

  return (
    <Dialog title="Settings" onClose={onClose}>
      {loaded === null ? (
        <p role="status">{fault ?? 'Reading the settings\u2026'}</p>
      ) : (
        <>
          <Form settings={loaded} onClose={onClose} />
          <Desktop />
        </>
      )}
    </Dialog>
  )
}

function Form({ settings, onClose }: { readonly settings: SettingsView; readonly onClose: () => void }) {
  const controller = useController()
  const provider = useStore('project', (store) => store.project()?.provider ?? null)
  const [draft, setDraft] = useState(settings)
  const [excludes, setExcludes] = useState(settings.excludes.join('\n'))
  const [kibibytes, setKibibytes] = useState(String(Math.round(settings.maxFileBytes / 1024)))
  const [hourlyTokens, setHourlyTokens] = useState(String(settings.hourlyTokens))
  const [key, setKey] = useState('')
  const [fault, setFault] = useState<string | null>(null)

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const bytes = Math.round(Number(kibibytes) * 1024)
    if (!Number.isFinite(bytes) || bytes < 1024) {
      setFault('The largest file has to be at least 1 KiB.')
      return
    }
    const budget = Number(hourlyTokens.trim() || '0')
    if (!Number.isInteger(budget) || budget < 0) {
      setFault('The budget is a number of tokens; 0 means none.')
      return
    }
    // The key first: who answers may depend on it.
    if (key !== '') {
      const given = await controller.call('key', { key })
      if (!given.ok) {
        setFault(given.failure.message)
        return
      }
      setKey('')
    }
    const lines = excludes.split('\n').map((line) => line.trim())
    const result = await controller.call('configure', {
      settings: {
        ...draft,
        baseUrl: draft.baseUrl.trim(),
        model: draft.model.trim(),
        deepModel: draft.deepModel.trim(),
        excludes: lines.filter((line) => line !== ''),
        maxFileBytes: bytes,
        hourlyTokens: budget,
        editor: draft.editor.trim(),
      },
    })
    if (!result.ok) {
      setFault(result.failure.message)
      return
    }
    controller.say('Settings saved.')
    onClose()
  }

  return (
    <form className="settings" onSubmit={(event) => void save(event)}>
      <Field label="Provider">
        <select
          name="provider"
          data-testid="settings-provider"
          value={draft.provider}
          onChange={(event) => {
            const chosen = PROVIDERS.find((one) => one.value === event.target.value)
            if (chosen !== undefined) setDraft({ ...draft, provider: chosen.value })
          }}
        >
          {PROVIDERS.map(({ value, label }) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </Field>
      {provider === null ? null : (
        <p className="hint">
          Now: {sentence(provider.label)} {sentence(provider.why)}
        </p>
      )}
      <TextField
        label="Base URL"
        name="base-url"
        placeholder="the provider's own"
        value={draft.baseUrl}
        onChange={(baseUrl) => setDraft({ ...draft, baseUrl })}
      />
      <TextField
        label="Model"
        name="model"
        placeholder={offered(provider, provider?.model)}
        value={draft.model}
        onChange={(model) => setDraft({ ...draft, model })}
      />
      <TextField
        label="Deep model"
        name="deep-model"
        placeholder={offered(provider, provider?.deepModel)}
        value={draft.deepModel}
        onChange={(deepModel) => setDraft({ ...draft, deepModel })}
      />
      <Field label="Key, for this session only">
        <input
          type="password"
          name="key"
          data-testid="settings-key"
          autoComplete="off"
          spellCheck={false}
          maxLength={4096}
          placeholder={
            provider?.key === 'environment'
              ? 'from the environment'
              : provider?.key === 'session'
                ? 'given in this session'
                : 'none'
          }
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
      </Field>
      <div className="actions">
        <p className="hint">
          It is kept in memory and never written. For good: <code>OPENAI_API_KEY</code> in the environment.
        </p>
        {provider?.key === 'session' ? (
          <button type="button" className="quiet" onClick={() => void controller.call('key', { key: '' })}>
            Forget the key
          </button>
        ) : null}
      </div>
      <Field label="Left out, one pattern a line, as in .gitignore">
        <textarea
          name="excludes"
          data-testid="settings-excludes"
          rows={3}
          spellCheck={false}
          value={excludes}
          onChange={(event) => setExcludes(event.target.value)}
        />
      </Field>
      <Field label="Largest file, in KiB">
        <input
          type="number"
          name="max-file"
          data-testid="settings-max-file"
          min={1}
          value={kibibytes}
          onChange={(event) => setKibibytes(event.target.value)}
        />
      </Field>
      <Field label="Budget, in tokens an hour; 0: none">
        <input
          type="number"
          name="hourly-tokens"
          data-testid="settings-hourly-tokens"
          min={0}
          step={1}
          value={hourlyTokens}
          onChange={(event) => setHourlyTokens(event.target.value)}
        />
      </Field>
      <TextField
        label="Editor: a command with {file} and {line}"
        name="editor"
        placeholder="the first one found, as in: code -g {file}:{line}"
        value={draft.editor}
        onChange={(editor) => setDraft({ ...draft, editor })}
      />
      {fault === null ? null : (
        <p className="card-failure" role="alert">
          {sentence(fault)}
        </p>
      )}
      <div className="actions">
        <button type="submit" className="primary" data-testid="settings-save">
          Save
        </button>
        <button type="button" onClick={onClose}>
          Cancel
        </button>
      </div>
    </form>
  )
}

/** What an empty field stands for: the model in use now, where a model is in use. */
function offered(provider: ProviderView | null, model: string | undefined): string {
  return provider?.kind === 'local' || !model ? 'the first of the list that is offered' : model
}

function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    // The one control inside is the labelled one.
    <label className="setting">
      <span>{label}</span>
      {children}
    </label>
  )
}

interface TextFieldProps {
  readonly label: string
  readonly name: string
  readonly placeholder: string
  readonly value: string
  readonly onChange: (value: string) => void
}

function TextField({ label, name, placeholder, value, onChange }: TextFieldProps) {
  return (
    <Field label={label}>
      <input
        name={name}
        data-testid={`settings-${name}`}
        autoComplete="off"
        spellCheck={false}
        maxLength={2000}
        placeholder={placeholder}
        value={value}
        onChange={(event) => onChange(event.target.value)}
      />
    </Field>
  )
}
