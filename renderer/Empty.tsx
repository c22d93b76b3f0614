// What the window says when there is no suggestion yet: what it waits for, and who will answer.
import type { ProviderView } from '../preload/contract.ts'
import { useStore } from './hooks.ts'
import { sentence } from './visible.ts'
import { who } from './who.ts'

export function Empty() {
  const loaded = useStore('list', (store) => store.loaded())
  const link = useStore('link', (store) => store.link())
  const project = useStore('project', (store) => store.project())
  if (!loaded || project === null) {
    return link === 'connecting' ? <p className="empty">{'Connecting to the engine\u2026'}</p> : null
  }
  const { provider, watch, paused } = project
  const alone = provider.kind === 'local' && provider.key === 'none' && provider.state === 'ready'
  return (
    <div className="empty" data-testid="empty">
      <p className="empty-title">
        {paused ? 'Resume, and a save gets a suggestion again.' : 'Save a file, and a suggestion appears here.'}
      </p>
      {watch.state === 'watching' ? <p>Watching {count(watch.files)}.</p> : null}
      {alone ? (
        <>
          <p>
            No key and no local model server: the embedded engine on this machine answers. It repeats the edit you just
            made wherever else it fits.
          </p>
          <p>
            Set <code>OPENAI_API_KEY</code> or start Ollama to have a model answer.
          </p>
        </>
      ) : (
        <p>{answers(provider)}</p>
      )}
    </div>
  )
}

/** Who will answer, as far as it is settled. */
function answers(provider: ProviderView): string {
  if (provider.kind === 'local') return sentence(provider.why)
  switch (provider.state) {
    case 'choosing':
      return sentence(who(provider))
    case 'consent':
      return `${who(provider)} answers once you allow it.`
    case 'ready':
      return `${who(provider)} answers.`
    case 'failed':
      return `${who(provider)} is to answer.`
  }
}

function count(files: number): string {
  return files === 1 ? 'one file' : `${files.toLocaleString()} files`
}
