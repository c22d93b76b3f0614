// The field that reshapes a suggestion: type, Enter, and the stream goes on from there.
import { memo, useState, type FormEvent } from 'react'
import { useController } from './hooks.ts'
import { NotTakenUp } from './NotTakenUp.tsx'
import { visible } from './visible.ts'

interface NudgeProps {
  readonly suggestion: string
  /** Path of the suggestion. */
  readonly path: string
  /** Words that did not take effect: they come back into the field, once, and stand beside it where something is typed. */
  readonly returned: readonly string[]
}

export const NudgeField = memo(function NudgeField({ suggestion, path, returned }: NudgeProps) {
  const controller = useController()
  // A field holds one line.
  const back = returned.join('; ').replaceAll(/\s*\n\s*/g, ' ')
  const [text, setText] = useState(back)
  const [offered, setOffered] = useState(back)
  const [beside, setBeside] = useState('')
  if (back !== offered) {
    setOffered(back)
    if (text === '') setText(back)
    else if (back !== '' && back !== text) setBeside(back)
  }

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    const words = text.trim()
    if (words === '') {
      controller.say('Say in a few words what to do instead.')
      return
    }
    setText('')
    const taken = await controller.nudge(suggestion, words)
    // What was refused is not lost, unless something new was typed meanwhile.
    if (!taken) setText((typed) => (typed === '' ? words : typed))
  }

  return (
    <>
      {beside === '' ? null : (
        <NotTakenUp words={beside}>
          <button
            type="button"
            className="quiet"
            aria-label="Use these words"
            onClick={() => {
              setText(beside)
              setBeside('')
            }}
          >
            Use
          </button>
          <button type="button" className="quiet" aria-label="Drop these words" onClick={() => setBeside('')}>
            Drop
          </button>
        </NotTakenUp>
      )}
      <form className="field nudge" onSubmit={(event) => void send(event)}>
        <input
          data-testid="nudge"
          aria-label={`Nudge ${visible(path)}: what to do instead`}
          placeholder={'Nudge: use a Map instead\u2026'}
          autoComplete="off"
          spellCheck={false}
          maxLength={20_000}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <button
          type="submit"
          data-testid="nudge-send"
          aria-label={`Send the nudge for ${visible(path)}`}
          className="quiet"
        >
          Nudge<kbd aria-hidden="true">{'\u23ce'}</kbd>
        </button>
      </form>
    </>
  )
})
