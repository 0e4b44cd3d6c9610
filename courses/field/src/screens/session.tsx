import { t } from "../words/say.ts";
import { ClosedView } from "./closed.tsx";
import { OpenForm } from "./openform.tsx";
import { Title } from "./parts.tsx";
import { Roll } from "./roll.tsx";
import { back } from "./route.ts";
import { CloseForm } from "./close.tsx";
import { useSession } from "./usesession.ts";

export function SessionScreen({ id, step }: { id: number; step: string }) {
  const session = useSession(id);
  if (!session) return <Title onBack={back}>{t("loading")}</Title>;
  const { state } = session.reading;
  if (state === "planned") return <OpenForm session={session} />;
  if (state === "closed") return <ClosedView session={session} />;
  return step === "close" ? <CloseForm session={session} /> : <Roll session={session} />;
}
