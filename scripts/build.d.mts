export function bundle(folder: string): Promise<void>;
export function bundleView(): Promise<{ readonly html: string }>;
