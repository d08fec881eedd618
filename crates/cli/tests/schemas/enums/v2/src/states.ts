// Plain TypeScript, shared with the front end; knows nothing of the database.

export enum OrderState {
  Draft = 'draft',
  Placed = 'placed',
  Packed = 'packed',
  Shipped = 'shipped',
  Returned = 'returned',
}

export const Carrier = {
  Post: 'post',
  Courier: 'courier',
  Pickup: 'pickup',
  Locker: 'locker',
} as const;

export type Carrier = (typeof Carrier)[keyof typeof Carrier];

export const LABELS = ['fragile', 'gift', 'cold chain', "collector's item"] as const;
