// The whole window in one line, for when there is no more room: what streams, how much is to review, and the two ways out.
import { useController, useStore } from './hooks.ts'
import { isRunning, type Store } from './store.ts'
import { visible } from './visible.ts'

/** Always in the page; the style sheet shows it, and hides everything else, in a window that is a strip. */
export function Strip() {
  const controller = useController()
  const running = useStore('list', (store) => runningPath(store))
  const pending = useStore('list', (store) =>
    store.suggestions().reduce((sum, one) => sum + one.hunks.filter((hunk) => hunk.state === 'pending').length, 0),
  )
  const paused = useStore('project', (store) => store.project()?.paused ?? false)
  const offline = useStore('link', (store) => store.link() !== 'online')

  function stopAll(): void {
    void controller.call('interrupt', { suggestion: null })
  }

  async function expand(): Promise<void> {
    const found = await controller.call('desktop', {})
    if (!found.ok) return
    await controller.call('desktopConfigure', { preferences: { ...found.value.preferences, compact: false } })
  }

  return (
    <div className="strip" data-testid="strip">
      <p className="strip-text" role="status">
        {offline
          ? 'No connection to the engine'
          : running !== null
            ? `\u25b8 ${visible(running)}`
            : paused
              ? 'Paused'
              : 'Watching'}
      </p>
      <span>{pending === 0 ? '' : `${pending} to review`}</span>
      {running === null ? null : (
        <button type="button" onClick={stopAll}>
          Stop
        </button>
      )}
      <button type="button" className="quiet" onClick={() => void expand()}>
        Open
      </button>
    </div>
  )
}

/** The newest suggestion that streams or waits. */
function runningPath(store: Store): string | null {
  return store.suggestions().find(isRunning)?.path ?? null
}
