// Which file names are held back, and which are not.
import { describe, expect, it } from 'vitest'
import { isSecretPath } from '../../../main/core/redact.ts'

const SECRET = [
  '.env',
  '.env.local',
  '.env.production',
  'app/.env',
  'prod.env',
  '.envrc',
  '.dev.vars',
  'server.pem',
  'tls/private.key',
  'AuthKey_ABC.p8',
  'deploy.ppk',
  'id_rsa',
  'id_ed25519',
  'keys/id_ecdsa',
  'id_rsa.old',
  'ssh_host_rsa_key',
  'cert.p12',
  'cert.pfx',
  'release.jks',
  'debug.keystore',
  'vault.kdbx',
  'client.ovpn',
  'krb5.keytab',
  '.npmrc',
  'packages/a/.npmrc',
  '.pypirc',
  '.netrc',
  '_netrc',
  '.git-credentials',
  '.pgpass',
  '.htpasswd',
  '.my.cnf',
  '.dockercfg',
  'credentials',
  'credentials.json',
  'config/credentials.yml.enc',
  '.aws/credentials',
  '.aws/config',
  'home/.ssh/deploy',
  '.gnupg/secring.gpg',
  'client_secret_123.apps.json',
  'service-account.json',
  'service-account-prod.json',
  'serviceAccountKey.json',
  'shop-firebase-adminsdk-x1.json',
  'secrets.yml',
  'secrets.yaml',
  'k8s/app-secret.yaml',
  'secrets.prod.json',
  'master.key',
  '.vault_pass',
  '.vault-token',
  'passwords.txt',
  'terraform.tfstate',
  'terraform.tfstate.backup',
  'prod.tfvars',
  'prod.auto.tfvars',
  'x.tfvars.json',
  'kubeconfig',
  'kubeconfig.yaml',
  'prod.kubeconfig',
  '.kube/config',
  '.docker/config.json',
  '.config/gh/hosts.yml',
  '.bash_history',
  'ID_RSA',
  'Server.PEM',
  'win\\path\\.env',
]

const OPEN = [
  '.env.example',
  '.env.sample',
  '.env.template',
  'example.env.dist',
  '.env.production.example',
  'credentials.example.json',
  'secrets.yaml.sample',
  'src/credentials.ts',
  'src/secrets.py',
  'secret_test.go',
  'lib/password.rb',
  'keys.ts',
  'keyboard.key.ts',
  'tokens.json',
  'environment.ts',
  'src/env.ts',
  'id_rsa.pub',
  'server.crt',
  'package.json',
  'README.md',
  'docs/secrets.md',
  'main.tf',
  'variables.tf',
  '.gitignore',
  '.ssh/config',
  '.ssh/id_ed25519.pub',
  'authentication.json',
  'oauth.ts',
  'monkey.ts',
  'identity.ts',
  'tsconfig.json',
  '',
]

describe('isSecretPath', () => {
  it.each(SECRET)('holds back %s', (path) => {
    expect(isSecretPath(path)).toMatch(/^[A-Za-z]/)
  })

  it.each(OPEN)('lets through "%s"', (path) => {
    expect(isSecretPath(path)).toBe(null)
  })

  it('looks at the name of the file, not at those of its folders', () => {
    expect(isSecretPath('secrets/list.ts')).toBe(null)
    expect(isSecretPath('credentials/index.ts')).toBe(null)
  })
})
