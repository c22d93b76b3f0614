// The team's conventions with what proves each: rules that decisions show wait here for a word, and nothing is applied without one.
import { useCallback, useEffect, useState, type FormEvent } from 'react'
import type { ConventionsView, ConventionView } from '../preload/contract.ts'
import { Dialog } from './Dialog.tsx'
import { useController } from './hooks.ts'
import { visible } from './visible.ts'

const SECTIONS: readonly { readonly kind: ConventionView['kind']; readonly title: string; readonly none: string }[] = [
  {
    kind: 'proposed',
    title: 'Proposed',
    none: 'Nothing yet. What you reject, edit before accepting or nudge about three times is proposed here as a rule.',
  },
  {
    kind: 'approved',
    title: 'Approved',
    none: 'None. Approved rules stand in .slipstream/conventions.md in your project.',
  },
  {
    kind: 'written',
    title: 'Written down',
    none: 'No AGENTS.md, .editorconfig, formatter settings or the like were found.',
  },
  { kind: 'mined', title: 'Counted in your files', none: 'No habit is clear enough, or in enough places.' },
]

export function Conventions({ onClose }: { readonly onClose: () => void }) {
  const controller = useController()
  const [view, setView] = useState<ConventionsView | null>(null)
  const [fault, setFault] = useState<string | null>(null)

  useEffect(() => {
    let stopped = false
    async function read(): Promise<void> {
      const result = await controller.call('conventions', {})
      if (stopped) return
      if (result.ok) setView(result.value)
      else setFault(result.failure.message)
    }
    void read()
    return () => {
      stopped = true
    }
  }, [controller])

  const decide = useCallback(
    async (key: string, decision: 'approve' | 'drop', words: string | null): Promise<void> => {
      const result = await controller.call('conventionDecide', { key, decision, words })
      setFault(result.ok ? null : result.failure.message)
      if (result.ok) setView(result.value)
    },
    [controller],
  )

  return (
    <Dialog title="Conventions" onClose={onClose}>
      {fault === null ? null : (
        <p className="fault" role="alert">
          {visible(fault)}
        </p>
      )}
      {view === null ? (
        <p role="status">Reading the conventions{'\u2026'}</p>
      ) : (
        <div className="conventions" data-testid="conventions">
          {SECTIONS.map(({ kind, title, none }) => {
            const some = view.conventions.filter((convention) => convention.kind === kind)
            return (
              <section key={kind} aria-label={title}>
                <h3>
                  {title}
                  {kind === 'mined' ? <small> in {view.counted.toLocaleString()} files</small> : null}
                </h3>
                {some.length === 0 ? <p className="hint">{none}</p> : null}
                <ul>
                  {some.map((convention) => (
                    <Convention key={convention.key} convention={convention} onDecide={decide} />
                  ))}
                </ul>
              </section>
            )
          })}
        </div>
      )}
    </Dialog>
  )
}

interface ConventionProps {
  readonly convention: ConventionView
  readonly onDecide: (key: string, decision: 'approve' | 'drop', words: string | null) => Promise<void>
}

function Convention({ convention, onDecide }: ConventionProps) {
  const { key, kind, text, language, evidence, cases } = convention
  const [words, setWords] = useState(text)

  function approve(event: FormEvent): void {
    event.preventDefault()
    void onDecide(key, 'approve', words)
  }

  const proof = (
    <>
      {language === null ? '' : `${language}. `}
      {visible(evidence)}
    </>
  )
  const drop = (
    <button
      type="button"
      className="quiet"
      data-testid="convention-drop"
      aria-label={`Drop the rule: ${text}`}
      onClick={() => void onDecide(key, 'drop', null)}
    >
      Drop
    </button>
  )
  return (
    <li data-testid="convention" data-kind={kind}>
      {kind === 'proposed' ? (
        <form onSubmit={approve}>
          <input
            type="text"
            aria-label="The rule in your words"
            data-testid="convention-words"
            value={words}
            maxLength={500}
            onChange={(event) => setWords(event.target.value)}
          />
          <details>
            <summary>{proof}</summary>
            <ul className="cases">
              {cases.map(({ path, line, what }) => (
                <li key={`${path}:${line} ${what}`}>
                  <code>
                    {visible(path)}:{line}
                  </code>{' '}
                  {visible(what)}
                </li>
              ))}
            </ul>
          </details>
          <div className="convention-actions">
            <button type="submit" data-testid="convention-approve" disabled={words.trim() === ''}>
              Approve
            </button>
            {drop}
          </div>
        </form>
      ) : (
        <>
          <p className="convention-text">{visible(text)}</p>
          <p className="hint">{proof}</p>
          {kind === 'approved' ? <div className="convention-actions">{drop}</div> : null}
        </>
      )}
    </li>
  )
}
