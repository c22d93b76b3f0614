// The field that asks in words, about the last changed region or a named place.
import { useState, type FormEvent } from 'react'
import { useController } from './hooks.ts'

export function AskField() {
  const controller = useController()
  const [text, setText] = useState('')
  const [place, setPlace] = useState('')

  async function send(event: FormEvent): Promise<void> {
    event.preventDefault()
    const words = text.trim()
    if (words === '') return
    setText('')
    const taken = await controller.ask(words, place.trim() === '' ? null : place.trim())
    if (taken) setPlace('')
    else setText((typed) => (typed === '' ? words : typed))
  }

  return (
    <form className="field ask" onSubmit={(event) => void send(event)}>
      <input
        data-testid="ask"
        aria-label="Ask in words"
        placeholder={'Ask: add a test for this\u2026'}
        autoComplete="off"
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {text === '' && place === '' ? (
        <kbd aria-hidden="true">i</kbd>
      ) : (
        <>
          <input
            className="ask-place"
            data-testid="ask-place"
            aria-label="Where: FILE or FILE:LINE; empty for the last change"
            placeholder="at the last change"
            autoComplete="off"
            spellCheck={false}
            maxLength={4096}
            value={place}
            onChange={(event) => setPlace(event.target.value)}
          />
          <button type="submit" data-testid="ask-send" aria-label="Send the question" className="quiet">
            Ask<kbd aria-hidden="true">{'\u23ce'}</kbd>
          </button>
        </>
      )}
    </form>
  )
}
