/** What signing in says besides what goes wrong with it. */

export const loginWords = {
  'sign-in-to': 'Sign in to {domain}',
  'signing-in': 'Signing in…',
  address: 'Address',
  'user-name': 'User name',
  password: 'Password',
  'show-password': 'Show password',
  'hide-password': 'Hide password',
  'stay-signed-in': 'Stay signed in on this device',
  'stay-hint': 'Only where nobody else uses this browser.',
  'address-missing': 'Write your address first.',
  'password-missing': 'Write your password first.',
  'stay-not-kept': 'Write your password again: {domain} gave nothing that could be kept to stay signed in.',
  'bad-address': 'This is no address: it looks like ana@example.org.',
} as const;
