// The top line: project, who answers, save to first token; and what it opens: the chart and the details.
import { useRef, useState } from 'react'
import type { ProjectView } from '../preload/contract.ts'
import { useController, useStore } from './hooks.ts'
import { Latency } from './Latency.tsx'
import { duration } from './trace.ts'
import { sentence, visible } from './visible.ts'
import { who } from './who.ts'
import { WhenButton, WhenLine, WhenPanel } from './When.tsx'

interface StatusProps {
  readonly onSettings: () => void
  readonly onHelp: () => void
  readonly onConventions: () => void
}

export function StatusBar({ onSettings, onHelp, onConventions }: StatusProps) {
  const controller = useController()
  const project = useStore('project', (store) => store.project())
  const link = useStore('link', (store) => store.link())
  // One at a time: two would leave no room for what is reviewed.
  const [panel, setPanel] = useState<'details' | 'when' | null>(null)
  const details = panel === 'details'
  const when = panel === 'when'
  const switchWhen = useRef<HTMLButtonElement>(null)
  const latest = project?.latencies.at(-1)
  const latency = latest === undefined ? null : duration(latest)

  function closeWhen(): void {
    setPanel(null)
    switchWhen.current?.focus()
  }

  return (
    <header className="status" data-testid="status">
      <div className="status-line">
        <h1 className="status-name" title={project === null ? undefined : visible(project.root)}>
          {project === null ? 'Slipstream' : visible(project.name)}
        </h1>
        <span className="status-who" title={project === null ? undefined : who(project.provider)}>
          {project === null ? '' : who(project.provider)}
        </span>
        <button
          type="button"
          className="quiet latency"
          data-testid="latency"
          aria-expanded={details}
          aria-label={`Save to first token: ${latency ?? 'not measured yet'}. Details`}
          title={'Save \u2192 first token'}
          disabled={project === null}
          onClick={() => setPanel(details ? null : 'details')}
        >
          {latency ?? '\u2013 ms'}
        </button>
        {project === null ? null : (
          <WhenButton
            when={project.when}
            open={when}
            place={switchWhen}
            onToggle={() => setPanel(when ? null : 'when')}
          />
        )}
        <button
          type="button"
          className="quiet"
          data-testid="pause"
          disabled={project === null || link !== 'online'}
          onClick={() => controller.pause(!(project?.paused ?? false))}
        >
          {project?.paused ? 'Resume' : 'Pause'}
        </button>
        <button type="button" className="quiet" data-testid="settings" aria-haspopup="dialog" onClick={onSettings}>
          Settings
        </button>
        <button type="button" className="quiet" aria-label="Keys and help" aria-haspopup="dialog" onClick={onHelp}>
          ?
        </button>
      </div>
      {project === null ? null : <Watching project={project} />}
      {project === null ? null : <WhenLine when={project.when} open={when} />}
      {project !== null && when ? <WhenPanel when={project.when} onClose={closeWhen} /> : null}
      {project === null || project.proposedRules === 0 ? null : (
        <Proposed rules={project.proposedRules} onConventions={onConventions} />
      )}
      {project !== null && details ? <Details project={project} onConventions={onConventions} /> : null}
    </header>
  )
}

/** Decisions have shown a rule: it waits for a word, and does nothing until then. */
function Proposed({ rules, onConventions }: { readonly rules: number; readonly onConventions: () => void }) {
  return (
    <p className="status-proposed">
      {rules === 1 ? 'Your decisions show a rule.' : `Your decisions show ${rules} rules.`}
      <button
        type="button"
        className="quiet"
        data-testid="proposed-rules"
        aria-haspopup="dialog"
        onClick={onConventions}
      >
        Look at {rules === 1 ? 'it' : 'them'}
        <kbd>t</kbd>
      </button>
    </p>
  )
}

/** What limits or delays the watching, or the newest quiet line; nothing when all is as usual. */
function Watching({ project }: { readonly project: ProjectView }) {
  const { watch, quiet, paused, spending } = project
  const lines: string[] = []
  if (watch.state === 'scanning') {
    const counts = `${watch.files.toLocaleString()} files found, ${watch.baselines.toLocaleString()} read`
    lines.push(`Reading the project: ${counts}. Saves are answered already.`)
  }
  if (watch.message !== null && watch.state !== 'failed') lines.push(visible(watch.message))
  // A banner says what being paused, or out of budget, means.
  if (!paused && !spending.exhausted && quiet !== null) lines.push(`${clockTime(quiet.at)}  ${visible(quiet.text)}`)
  if (lines.length === 0) return null
  return (
    <div className="status-quiet" role="status">
      {lines.map((line) => (
        <p key={line}>{line}</p>
      ))}
    </div>
  )
}

function clockTime(epoch: number): string {
  return new Date(epoch).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}

function Details({ project, onConventions }: { readonly project: ProjectView; readonly onConventions: () => void }) {
  const { provider, watch, skipped } = project
  return (
    <div className="status-details">
      <Latency project={project} />
      <button
        type="button"
        className="quiet"
        data-testid="open-conventions"
        aria-haspopup="dialog"
        onClick={onConventions}
      >
        Conventions of this team<kbd>t</kbd>
      </button>
      <dl>
        <dt>Folder</dt>
        <dd>{visible(project.root)}</dd>
        <dt>Answers</dt>
        <dd>
          {who(project.provider)}
          {provider.endpoint === null ? '' : ` at ${visible(provider.endpoint)}`}. {sentence(provider.why)}
        </dd>
        <dt>Watching</dt>
        <dd>
          {watch.files.toLocaleString()} files, {watch.baselines.toLocaleString()} read
        </dd>
        {skipped.length === 0 ? null : (
          <>
            <dt>Skipped</dt>
            <dd>
              <ul>
                {skipped.map(({ path, reason }) => (
                  <li key={path}>
                    {visible(path)}: {visible(reason)}
                  </li>
                ))}
              </ul>
            </dd>
          </>
        )}
      </dl>
    </div>
  )
}
