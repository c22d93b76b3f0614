// Asks once, before anything leaves this machine, and names where it would go.
import { useController, useStore } from './hooks.ts'
import { visible } from './visible.ts'

export function ConsentBar() {
  const controller = useController()
  const provider = useStore('project', (store) => store.project()?.provider ?? null)
  if (provider?.state !== 'consent' || provider.endpoint === null) return null
  const { endpoint } = provider
  return (
    <section className="banner banner-ask" aria-label="Consent" data-testid="consent">
      <p>
        Slipstream wants to send the changed regions, their surroundings and recent edits to{' '}
        <strong>{visible(hostOf(endpoint))}</strong>.
      </p>
      <div className="actions">
        <button
          type="button"
          className="primary"
          data-testid="consent-allow"
          onClick={() => controller.consent(endpoint, true)}
        >
          Allow
        </button>
        <button type="button" data-testid="consent-refuse" onClick={() => controller.consent(endpoint, false)}>
          Use only this machine
        </button>
      </div>
    </section>
  )
}

function hostOf(endpoint: string): string {
  return URL.parse(endpoint)?.host || endpoint
}
