export const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

export const MAX_NAME = 200;

export enum Allergen {
  Gluten = 'gluten',
  Nuts = 'nuts',
  Milk = 'milk',
  Egg = 'egg',
}
