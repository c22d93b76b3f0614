// Who answers, in words.
import type { ProviderView } from '../preload/contract.ts'
import { visible } from './visible.ts'

/** The model and where it runs, as far as they are known. */
export function who(provider: ProviderView): string {
  if (provider.state === 'choosing') return 'finding out who answers\u2026'
  const label = visible(provider.label)
  return provider.kind === 'local' || provider.model === '' ? label : `${visible(provider.model)} via ${label}`
}
