// When the project asks by itself: the switch in the status line, its panel with trigger and mutes, and the tag of what in the code asked.
import { useEffect, useRef, useState, type RefObject } from 'react'
import type { Intent, MuteKind, MuteView, Trigger, Unasked, WhenView } from '../preload/contract.ts'
import { useController } from './hooks.ts'
import { sentence, visible } from './visible.ts'

const TRIGGERS: readonly { readonly value: Trigger; readonly short: string; readonly label: string }[] = [
  { value: 'save', short: 'on save', label: 'At each save' },
  { value: 'pause', short: 'on pause', label: 'When saves pause' },
  { value: 'request', short: 'on request', label: 'Only when I ask: words and ai! comments' },
]

/** How long to mute: when it ends, reckoned from now. */
const SPANS: readonly { readonly label: string; readonly until: (now: Date) => number | null }[] = [
  { label: '15 min', until: (now) => now.getTime() + 15 * 60_000 },
  { label: '1 h', until: (now) => now.getTime() + 60 * 60_000 },
  {
    label: 'Until tomorrow',
    until: (now) => new Date(now.getFullYear(), now.getMonth(), now.getDate() + 1).getTime(),
  },
  { label: 'For good', until: () => null },
]

/** What people read for each reason, after a count. */
const REASONS: Readonly<Record<Unasked, string>> = {
  format: 'only formatting',
  undo: 'undone or redone',
  repeated: 'the same edit again',
  git: 'written by git',
  storm: 'many files at once',
  muted: 'muted',
  paused: 'paused',
  request: 'not asked for',
  first: 'first sight of a file',
  covered: 'asked about already',
  overwritten: 'written over an accepted edit',
  merged: 'taken together with the next save',
  budget: 'over the budget',
  busy: 'two of your questions ran',
  secret: 'holds keys',
}

const INTENTS: Readonly<Record<Intent, string>> = {
  edit: 'ai!',
  question: 'ai?',
  conflict: 'conflict',
  syntax: 'syntax error',
  todo: 'TODO',
}

/** What in the code asked, where it was more than the change. */
export function IntentTag({ intent }: { readonly intent: Intent | null }) {
  if (intent === null) return null
  return (
    <span className="tag" data-testid="intent">
      {INTENTS[intent]}
    </span>
  )
}

interface WhenButtonProps {
  readonly when: WhenView
  readonly open: boolean
  readonly place: RefObject<HTMLButtonElement | null>
  readonly onToggle: () => void
}

/** The switch in the status line: says when it asks, or that it is muted. */
export function WhenButton({ when, open, place, onToggle }: WhenButtonProps) {
  const all = when.mutes.find(({ kind }) => kind === 'all')
  const short = TRIGGERS.find(({ value }) => value === when.trigger)?.short ?? ''
  const some = when.mutes.length === 0 ? '' : `, ${when.mutes.length} muted`
  return (
    <button
      ref={place}
      type="button"
      className={all === undefined ? 'quiet' : 'quiet when-muted'}
      data-testid="when"
      aria-expanded={open}
      aria-label={`Asks ${short}${all === undefined ? some : ', but everything is muted'}. Change or mute`}
      title="When it asks, and mute (m)"
      onClick={onToggle}
    >
      {all === undefined ? short : 'muted'}
    </button>
  )
}

/** What is muted and until when, and why saves wait; nothing when neither is so. `open`: the panel lists the mutes itself. */
export function WhenLine({ when, open }: { readonly when: WhenView; readonly open: boolean }) {
  const controller = useController()
  const { waitReason } = when
  const mutes = open ? [] : when.mutes
  if (mutes.length === 0 && waitReason === null) return null
  return (
    <div className="status-quiet when-lines" role="status">
      {mutes.length === 0 ? null : (
        <p>
          <span data-testid="muted">{`Muted: ${mutes.map(muteText).join('; ')}`}</span>
          <button
            type="button"
            className="quiet"
            data-testid="unmute-all"
            onClick={() => void controller.call('unmute', { mute: null })}
          >
            Unmute{mutes.length > 1 ? ' all' : ''}
          </button>
        </p>
      )}
      {waitReason === null ? null : (
        <p>
          <span data-testid="waiting">{sentence(waitReason)}</span>
          <button
            type="button"
            className="quiet"
            data-testid="reset-wait"
            onClick={() => void controller.call('resetWait', {})}
          >
            Ask at once
          </button>
        </p>
      )}
    </div>
  )
}

export function WhenPanel({ when, onClose }: { readonly when: WhenView; readonly onClose: () => void }) {
  const first = useRef<HTMLInputElement>(null)
  // Opened by a key, it is worked by keys.
  useEffect(() => first.current?.focus(), [])
  return (
    <form
      className="when-panel"
      data-testid="when-panel"
      aria-label="When it asks"
      onSubmit={(event) => event.preventDefault()}
    >
      <Triggers when={when} first={first} />
      <Mutes when={when} />
      <Counts when={when} />
      <div className="actions">
        <button type="button" data-leave data-testid="when-close" onClick={onClose}>
          Close<kbd aria-hidden="true">Esc</kbd>
        </button>
      </div>
    </form>
  )
}

interface TriggersProps {
  readonly when: WhenView
  readonly first: RefObject<HTMLInputElement | null>
}

function Triggers({ when, first }: TriggersProps) {
  const controller = useController()
  const { trigger, pauseMs } = when
  const [seconds, setSeconds] = useState(String(pauseMs / 1000))

  function choose(chosen: Trigger, text: string): void {
    const asked = Number(text.replace(',', '.')) * 1000
    const pause = Number.isFinite(asked) && asked >= 100 ? Math.round(Math.min(600_000, asked)) : pauseMs
    setSeconds(String(pause / 1000))
    void controller.call('trigger', { trigger: chosen, pauseMs: pause })
  }

  return (
    <fieldset>
      <legend>This project asks</legend>
      {TRIGGERS.map(({ value, label }, index) => (
        <label key={value} className="choice">
          <input
            ref={index === 0 ? first : undefined}
            type="radio"
            name="trigger"
            data-testid={`trigger-${value}`}
            checked={trigger === value}
            onChange={() => choose(value, seconds)}
          />
          {label}
        </label>
      ))}
      {trigger === 'pause' ? (
        <label className="choice">
          Pause, in seconds
          <input
            className="when-seconds"
            inputMode="decimal"
            data-testid="trigger-pause-seconds"
            value={seconds}
            onChange={(event) => setSeconds(event.target.value)}
            onBlur={() => choose(trigger, seconds)}
            onKeyDown={(event) => {
              if (event.key === 'Enter') choose(trigger, seconds)
            }}
          />
        </label>
      ) : null}
    </fieldset>
  )
}

function Mutes({ when }: { readonly when: WhenView }) {
  const controller = useController()
  const options = mutable(when)
  const [chosen, setChosen] = useState('')
  const { kind, name } = options.find((option) => keyOf(option) === chosen) ?? EVERYTHING
  return (
    <fieldset>
      <legend>Mute: nothing is asked by itself</legend>
      <label className="setting">
        <span className="unseen">What to mute</span>
        <select data-testid="mute-what" value={chosen} onChange={(event) => setChosen(event.target.value)}>
          {options.map((option) => (
            <option key={keyOf(option)} value={option === EVERYTHING ? '' : keyOf(option)}>
              {nameOf(option)}
            </option>
          ))}
        </select>
      </label>
      <div className="actions">
        {SPANS.map(({ label, until }) => (
          <button
            key={label}
            type="button"
            data-testid="mute-for"
            onClick={() => void controller.call('mute', { mute: { kind, name, until: until(new Date()) } })}
          >
            {label}
          </button>
        ))}
      </div>
      {when.mutes.length === 0 ? null : (
        <ul aria-label="What is muted">
          {when.mutes.map((mute) => (
            <li key={keyOf(mute)} data-testid="mute">
              <span>{muteText(mute)}</span>
              <button
                type="button"
                className="quiet"
                aria-label={`Unmute ${nameOf(mute)}`}
                onClick={() => void controller.call('unmute', { mute: { kind: mute.kind, name: mute.name } })}
              >
                Unmute
              </button>
            </li>
          ))}
        </ul>
      )}
    </fieldset>
  )
}

/** How often it asked, and what else happened; what is not asked is a decision that people can check. */
function Counts({ when }: { readonly when: WhenView }) {
  const counts = Object.entries(REASONS).flatMap(([reason, words]) => {
    const count = Object.entries(when.unasked).find(([name]) => name === reason)?.[1] ?? 0
    return count === 0 ? [] : [`${count} ${words}`]
  })
  return (
    <p className="hint" data-testid="when-counts">
      {`Since the start: ${when.asked} asked. `}
      {counts.length === 0 ? '' : `Not asked: ${counts.join(', ')}.`}
    </p>
  )
}

/** In a card: this file is quiet until it is taken back. */
export function MuteFile({ path }: { readonly path: string }) {
  const controller = useController()
  return (
    <button
      type="button"
      className="quiet"
      data-testid="mute-file"
      aria-label={`Mute file ${visible(path)}`}
      title="Ask nothing about this file by itself"
      onClick={() => void controller.call('mute', { mute: { kind: 'file', name: path, until: null } })}
    >
      Mute file
    </button>
  )
}

interface Mutable {
  readonly kind: MuteKind
  readonly name: string
}

const EVERYTHING: Mutable = { kind: 'all', name: '' }

/** Everything, then the files that changed last, their folders and their languages. */
function mutable({ recent }: WhenView): readonly Mutable[] {
  const folders = new Set(recent.map(({ path }) => path.slice(0, Math.max(0, path.lastIndexOf('/')))))
  const languages = new Set(recent.map(({ language }) => language))
  return [
    EVERYTHING,
    ...recent.map(({ path }): Mutable => ({ kind: 'file', name: path })),
    ...[...folders].flatMap((name): Mutable[] => (name === '' ? [] : [{ kind: 'folder', name }])),
    ...[...languages].map((name): Mutable => ({ kind: 'language', name })),
  ]
}

function keyOf({ kind, name }: Mutable): string {
  return `${kind} ${name}`
}

function nameOf({ kind, name }: Mutable): string {
  switch (kind) {
    case 'all':
      return 'Everything'
    case 'folder':
      return `Folder ${visible(name)}/`
    case 'file':
    case 'language':
      return visible(name)
  }
}

function muteText(mute: MuteView): string {
  return mute.until === null ? nameOf(mute) : `${nameOf(mute)} until ${clock(new Date(mute.until))}`
}

/** The hour today, otherwise with the day. */
function clock(at: Date): string {
  const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  if (at.toDateString() === new Date().toDateString()) return time
  return `${at.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' })}, ${time}`
}
