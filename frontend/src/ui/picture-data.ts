const MOST_BYTES = 5 * 1024 * 1024;

/**
 * Reads a picture, as a data URL.
 * @throws Error it is too large; the message is for people.
 */
export async function pictureData(file: Blob): Promise<string> {
  if (file.size > MOST_BYTES) throw new Error("A picture may have 5 MB.");
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(new Error("This file cannot be read."));
    reader.readAsDataURL(file);
  });
}
