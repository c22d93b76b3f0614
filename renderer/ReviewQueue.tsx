// All cards: newest first in the page, and on the screen so that nothing moves under the eye.
import { useMemo, type FocusEvent, type MouseEvent } from 'react'
import { Card } from './Card.tsx'
import { visualOrder } from './focus.ts'
import { useCell, useController, useStore, useWide } from './hooks.ts'
import { isRunning } from './store.ts'

export function ReviewQueue() {
  const controller = useController()
  const wide = useWide()
  const ids = useStore('list', (store) => store.ids())
  const below = useCell(controller.focus, (focus) => focus.below)
  /** A terminal is for what streams, and for what was interrupted last. */
  const live = useStore('list', (store) =>
    store
      .suggestions()
      .filter((one, _index, all) => isRunning(one) || one === all.find((other) => other.state === 'interrupted'))
      .map((one) => one.id)
      .join('\n'),
  )
  const liveIds = useMemo(() => new Set(live.split('\n')), [live])
  const order = useMemo(() => new Map(visualOrder(ids, below).map((id, index) => [id, index])), [ids, below])

  function touch(target: EventTarget, hunkOnly: boolean): void {
    if (!(target instanceof Element)) return
    const card = target.closest<HTMLElement>('[data-testid="suggestion"]')?.dataset['id']
    const hunk = target.closest<HTMLElement>('[data-testid="hunk"]')?.dataset['id']
    if (card === undefined || (hunkOnly && hunk === undefined)) return
    controller.take(card, hunk ?? null)
  }

  /** Only after a click is over: opening on the way down would move what is being clicked. */
  function onClick(event: MouseEvent): void {
    // Hunks take the hand themselves, and buttons may have gone with what they did.
    if (event.target instanceof Element && event.target.closest('button, [data-testid="hunk"]') === null) {
      touch(event.target, false)
    }
  }

  /** By keyboard: the mouse says so when it has clicked. */
  function onFocus(event: FocusEvent): void {
    if (document.querySelector(':active') === null && event.target.matches(':focus-visible')) touch(event.target, false)
  }

  return (
    // The handlers only follow where the person is; everything in here has its own control.
    <div className="queue" role="feed" aria-label="Suggestions, newest first" onClick={onClick} onFocus={onFocus}>
      {ids.map((id, index) => (
        <Card key={id} id={id} order={order.get(id) ?? index} live={liveIds.has(id)} newest={index === 0} wide={wide} />
      ))}
    </div>
  )
}
