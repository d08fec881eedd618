export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const;

export const MAX_NAME = 120;

export enum Allergen {
  Gluten = 'gluten',
  Nuts = 'nuts',
  Milk = 'milk',
}
