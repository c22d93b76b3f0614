// One plain sentence for each thing that keeps the window from its work, and the one action that helps.
import type { ReactNode } from 'react'
import { useController, useStore } from './hooks.ts'
import { sentence } from './visible.ts'

export function Banners({ onSettings }: { readonly onSettings: () => void }) {
  const controller = useController()
  const link = useStore('link', (store) => store.link())
  const project = useStore('project', (store) => store.project())

  if (link === 'keyless') {
    return (
      <Banner kind="fault">
        This address carries no key to the engine. Open the address that Slipstream printed when it started.
      </Banner>
    )
  }
  if (link === 'offline') {
    return (
      <Banner kind="fault" action="Try now" onAction={() => controller.reconnect()}>
        Offline: engine not reachable. Trying again by itself; if Slipstream was restarted, open the address it printed.
      </Banner>
    )
  }
  if (project === null) return null
  const { fault, watch, provider, paused, spending } = project
  return (
    <>
      {fault === null ? null : <Banner kind="fault">{sentence(fault)}</Banner>}
      {watch.state === 'failed' ? (
        <Banner kind="fault">
          Nothing is watched. {sentence(watch.message ?? 'The file watcher failed')} Asking in words still works.
        </Banner>
      ) : null}
      {provider.state === 'failed' ? (
        <Banner kind="fault" action="Settings" onAction={onSettings}>
          {sentence(provider.message ?? `${provider.label} does not answer`)}
        </Banner>
      ) : null}
      {spending.exhausted ? (
        <Banner kind="calm" testid="exhausted" action="Settings" onAction={onSettings}>
          The budget of {spending.budget.toLocaleString('en')} tokens an hour is used up: saves ask nothing until some
          of it is free again. A higher one in Settings helps at once.
        </Banner>
      ) : null}
      {paused ? (
        <Banner kind="calm" action="Resume" onAction={() => controller.pause(false)}>
          Paused: saves are noticed, nothing is asked.
        </Banner>
      ) : null}
    </>
  )
}

interface BannerProps {
  readonly kind: 'fault' | 'calm'
  readonly testid?: string
  readonly action?: string
  readonly onAction?: () => void
  readonly children: ReactNode
}

function Banner({ kind, testid = 'banner', action, onAction, children }: BannerProps) {
  return (
    <section className={`banner banner-${kind}`} role={kind === 'fault' ? 'alert' : 'status'} data-testid={testid}>
      <p>{children}</p>
      {action === undefined ? null : (
        <button type="button" onClick={onAction}>
          {action}
        </button>
      )}
    </section>
  )
}
