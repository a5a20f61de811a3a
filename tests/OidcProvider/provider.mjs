// A certified provider of OpenID Connect on loopback, with its own pages for logging in: any name does, and is who somebody is.
// Says its address on the first line, and ends when its input does.
import { createServer } from 'node:http';
import { generateKeyPairSync } from 'node:crypto';
import Provider from 'oidc-provider';

const [returnAddress, logoutAddress, afterLogout, algorithm = 'RS256', authentication = 'client_secret_basic'] = process.argv.slice(2);

const pair = algorithm.startsWith('ES') ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('rsa', { modulusLength: 2048 });
const key = { ...pair.privateKey.export({ format: 'jwk' }), alg: algorithm, use: 'sig', kid: 'first' };

const server = createServer();
await new Promise((listening) => server.listen(0, '127.0.0.1', listening));
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{
    client_id: 'calango',
    client_secret: 'a-secret/with+signs=&',
    redirect_uris: [returnAddress],
    post_logout_redirect_uris: [afterLogout],
    backchannel_logout_uri: logoutAddress,
    backchannel_logout_session_required: true,
    id_token_signed_response_alg: algorithm,
    token_endpoint_auth_method: authentication,
  }],
  jwks: { keys: [key] },
  cookies: { keys: ['a key of the tests'] },
  pkce: { required: () => true },
  clientAuthMethods: [authentication],
  // Its own way refuses addresses of this machine, where the tests are.
  fetch: (address, { dispatcher, ...options }) => fetch(address, options),
  enabledJWA: { idTokenSigningAlgValues: [algorithm] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
  features: { backchannelLogout: { enabled: true }, rpInitiatedLogout: { enabled: true }, devInteractions: { enabled: true } },
  findAccount: (context, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, name: id, groups: ['staff', 'writers'] }),
  }),
});
provider.on('server_error', (context, error) => console.error(error));
provider.on('backchannel.error', (context, error) => console.error(error));
server.on('request', provider.callback());
console.log(issuer);
process.stdin.resume().on('end', () => process.exit());
