import { useQuery } from "@tanstack/react-query";
import { file } from "../../api/client";
import { pictureUrl } from "../../api/pictures";
import { BY_COOKIE } from "../../api/settings";
import { pictureData } from "../../ui/picture-data";

const LOOK = "mb-1 max-h-72 min-h-16 rounded-lg bg-raised object-contain";

/** A picture that only two people may see. */
export function PrivatePicture({ path }: { path: string }) {
  return BY_COOKIE ? <img src={pictureUrl(path)} alt="" className={LOOK} /> : <Fetched path={path} />;
}

/** The browser sends no token for a picture by itself. */
function Fetched({ path }: { path: string }) {
  const { data } = useQuery({
    queryKey: ["picture", path],
    queryFn: async () => pictureData(await file(path)),
    staleTime: Infinity,
  });
  return data ? <img src={data} alt="" className={LOOK} /> : <span className={`block w-40 ${LOOK}`} />;
}
