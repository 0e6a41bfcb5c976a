import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { answer, api } from "../../api/client";
import { cache } from "../../app/cache";
import { paise, toRupees, typed } from "../../money/money";
import { Button } from "../../ui/button";
import { Dialog } from "../../ui/dialog";
import { Failure } from "../../ui/failure";
import { AmountField, Area, Field } from "../../ui/field";
import { Notice } from "../../ui/notice";
import { pictureData } from "../../ui/picture-data";
import type { Product } from "./queries";

interface Form {
  name: string;
  description: string | null;
  category: string | null;
  price: ReturnType<typeof toRupees>;
  stock: number;
  image: string | null;
}

async function save(product: Product | undefined, { image, stock, ...changes }: Form): Promise<void> {
  const { product: saved } = product
    ? await answer(
        api.PATCH("/api/v1/product/{product_id}", { params: { path: { product_id: product.id } }, body: changes }),
      )
    : await answer(api.POST("/api/v1/product", { body: { ...changes, stock, account: null } }));
  if (!image) return;
  await answer(
    api.PUT("/api/v1/product/{product_id}/image", { params: { path: { product_id: saved.id } }, body: { image } }),
  );
}

/** Offers something new, or changes what is offered. */
export function ProductDialog({ product, onClose }: { product?: Product; onClose: () => void }) {
  const [error, setError] = useState("");
  const done = () => {
    void cache.invalidateQueries({ queryKey: ["products"] });
    onClose();
  };
  const saving = useMutation({ mutationFn: (form: Form) => save(product, form), onSuccess: done });
  const ending = useMutation({
    mutationFn: (id: string) =>
      answer(api.DELETE("/api/v1/product/{product_id}", { params: { path: { product_id: id } } })),
    onSuccess: done,
  });
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? "").trim();
    const price = typed(text("price"));
    const picture = form.get("image");
    setError("");
    if (!price) return setError("Type a price, as in 250 or 99.50.");
    try {
      const image = picture instanceof File && picture.size > 0 ? await pictureData(picture) : null;
      saving.mutate({
        name: text("name"),
        description: text("description") || null,
        category: text("category") || null,
        price: toRupees(price),
        stock: Number(text("stock")),
        image,
      });
    } catch (problem) {
      setError((problem as Error).message);
    }
  }
  return (
    <Dialog title={product ? `Change ${product.name}` : "Offer something"} onClose={onClose}>
      <form className="grid gap-4" onSubmit={(event) => void submit(event)}>
        <Field label="Name" name="name" required maxLength={120} defaultValue={product?.name} />
        <AmountField label="Price" name="price" required defaultValue={product && toRupees(paise(product.price))} />
        {!product && (
          <Field label="Pieces in stock" name="stock" type="number" min={0} max={1000000} defaultValue={1} required />
        )}
        <Field label="Category" name="category" maxLength={50} defaultValue={product?.category ?? ""} />
        <Area label="Description" name="description" maxLength={2000} defaultValue={product?.description ?? ""} />
        <Field label="Picture" name="image" type="file" accept="image/jpeg,image/png,image/webp,image/gif" />
        {error && <Notice kind="bad">{error}</Notice>}
        <Failure error={saving.error ?? ending.error} />
        <Button type="submit" busy={saving.isPending}>
          {product ? "Save" : "Offer it"}
        </Button>
        {product && (
          <Button look="danger" busy={ending.isPending} onClick={() => ending.mutate(product.id)}>
            Offer it no longer
          </Button>
        )}
      </form>
    </Dialog>
  );
}
