// Which files hold keys or credentials by their name, and so never enter a request.

interface PathRule {
  readonly reason: string
  /** Tested against the lower-case file name, or against the whole lower-case path where `whole` is set. */
  readonly pattern: RegExp
  readonly whole?: true
}

/** Templates of environment files are made to be shared. */
const SHARED = /(?:^|[._-])(?:example|sample|template|dist|defaults|schema)(?:\.[a-z]{1,5})?$/
/** Source code about credentials (`credentials.ts`, `secrets_test.go`) is code, not credentials. */
const ENVIRONMENT =
  /^\.env(?:rc)?(?:[._-].*)?$|^\.?[a-z0-9_-]+\.env$|^env\.(?:local|prod|production|dev)$|^\.dev\.vars(?:\..*)?$/

const RULES: readonly PathRule[] = [
  { reason: 'environment file', pattern: ENVIRONMENT },
  { reason: 'private key', pattern: /\.(?:pem|key|ppk|pk8|pkcs8|asc|gpg|pgp|age|agekey|p8)$/ },
  {
    reason: 'private key',
    pattern:
      /^(?:ssh_host_(?:rsa|dsa|ecdsa|ed25519)_key|id_(?:rsa|dsa|ecdsa|ed25519|xmss)(?:_sk)?(?!.*\.pub$)(?:[._-].*)?|identity)$/,
  },
  {
    reason: 'key store',
    pattern:
      /\.(?:p12|pfx|jks|jceks|bks|keystore|truststore|kdbx?|keychain|keychain-db|keytab|ovpn|mobileprovision|wallet|psafe3|agilekeychain|opvault)$/,
  },
  { reason: 'key store', pattern: /^(?:keystore|wallet\.dat|cwallet\.sso|ewallet\.p12|login\.keychain)$/ },
  {
    reason: 'registry credentials',
    pattern:
      /^(?:\.npmrc|\.pypirc|\.yarnrc\.yml|\.gem_credentials|\.dockercfg|\.dockerconfigjson|nuget\.config|\.cargo-credentials)$/,
  },
  {
    reason: 'login file',
    pattern:
      /^(?:[._]netrc|\.git-credentials|\.pgpass|pgpass\.conf|\.my\.cnf|\.mylogin\.cnf|\.htpasswd|\.htdigest|htpasswd|\.s3cfg|\.boto|\.vault-token|\.rediscli_auth|\.smbcredentials|\.fetchmailrc|\.msmtprc|\.ftpconfig|sftp(?:-config)?\.json|\.remote-sync\.json|\.esmtprc|\.terraformrc|terraform\.rc|\.databrickscfg|\.snowsql)$/,
  },
  {
    reason: 'credentials',
    pattern:
      /^\.?credentials?(?:[_-][a-z0-9]+)*(?:(?:\.[a-z0-9]+)?\.(?:json|ya?ml|toml|ini|txt|xml|csv|cfg|conf|properties|enc)(?:\.(?:enc|gpg|bak))?)?$/,
  },
  {
    reason: 'credentials',
    pattern:
      /^(?:client[_-]?secrets?.*|service[_-]?account.*|.*[_-]credentials?|application_default_credentials|firebase-adminsdk.*|.*-firebase-adminsdk-.*|gha-creds-.*|google-services-key|auth)\.json$/,
  },
  {
    reason: 'secrets',
    pattern:
      /^\.?(?:.*[._-])?secrets?(?:[._-][a-z0-9]+)*\.(?:ya?ml|json|toml|ini|txt|env|properties|xml|enc|edn|hcl|cfg|conf)$/,
  },
  {
    reason: 'secrets',
    pattern:
      /^(?:\.secrets?|\.secrets\.baseline|master\.key|vault(?:[._-]pass(?:word)?)?(?:\.txt)?|\.vault_pass(?:\.txt)?|\.?passwords?(?:\.(?:txt|csv|json|ya?ml|xlsx))?|shadow|accesskeys\.csv|.*_accesskeys\.csv)$/,
  },
  { reason: 'Terraform state', pattern: /^(?:.*\.)?tfstate(?:\..*)?$|\.tfstate$|\.tfstate\.backup$/ },
  { reason: 'Terraform variables', pattern: /\.tfvars(?:\.json)?$/ },
  {
    reason: 'cluster credentials',
    pattern: /^(?:\.?kubeconfig(?:[._-].*)?|.*[._-]kubeconfig|.*\.kubeconfig|kubeconfig\.ya?ml)$/,
  },
  { reason: 'shell history', pattern: /^\.(?:bash|zsh|sh|psql|mysql|python|node_repl|irb|rediscli|sqlite)_history$/ },
  { reason: 'key folder', pattern: /(?:^|\/)\.ssh\/(?!.*\.pub$|known_hosts|config$)/, whole: true },
  {
    reason: 'key folder',
    pattern: /(?:^|\/)\.(?:gnupg|password-store|aws|azure|gcloud|oci|aliyun|chef\/.*\.pem)\//,
    whole: true,
  },
  {
    reason: 'key folder',
    pattern:
      /(?:^|\/)(?:\.config\/(?:gcloud|gh|hub|doctl|op|rclone|sops)|\.kube|\.terraform\.d|\.docker\/config\.json$|\.m2\/settings(?:-security)?\.xml$|\.gradle\/gradle\.properties$|\.cargo\/credentials|\.composer\/auth\.json$|\.config\/pip\/pip\.conf$)/,
    whole: true,
  },
]

/** Public halves and certificates only look like keys; code and templates only talk of them. */
const HARMLESS = /\.(?:pub|crt|cer|csr)$/

/**
 * Why a file of this name is never sent (`environment file`, `private key`, …), or null when its name says nothing.
 * `path` is relative to the project, with `/` or `\`. Names only: what stands inside is the redactor's business.
 */
export function isSecretPath(path: string): string | null {
  const whole = path.replaceAll('\\', '/').toLowerCase()
  const name = whole.slice(whole.lastIndexOf('/') + 1)
  if (name === '' || HARMLESS.test(name)) return null
  for (const rule of RULES) {
    if (!rule.pattern.test(rule.whole ? whole : name)) continue
    if (!rule.whole && SHARED.test(name)) continue
    return rule.reason
  }
  return null
}
