export interface Translated {
  de: string;
  en: string;
}
