/**
 * What a web or mobile app does with Marquee, with every type made from its schema.
 *
 * `make client` compiles it: when an operation, a field or an error is renamed, this fails.
 */
import createClient from "openapi-fetch";
import type { components, paths } from "./marquee";

type Booking = components["schemas"]["Booking"];
type HeldBooking = components["schemas"]["HeldBooking"];
type ErrorResponse = components["schemas"]["ErrorResponse"];

/** A refusal, with the API's own stable code and the field that is wrong, if one is. */
export class Refused extends Error {
  constructor(
    readonly code: string,
    readonly attr: string | null,
    detail: string,
  ) {
    super(detail);
  }
}

/** The answer, or Refused. */
function must<T>({ data, error }: { data?: T | undefined; error?: ErrorResponse | undefined }): T {
  if (data !== undefined) return data;
  const first = error?.errors[0];
  throw new Refused(first?.code ?? "error", first?.attr ?? null, first?.detail ?? "No answer.");
}

export const marquee = (baseUrl: string) => createClient<paths>({ baseUrl });
export type Marquee = ReturnType<typeof marquee>;

/** Sign in; from then on `api` sends the token. Answers the token that gets the next one. */
export async function signIn(api: Marquee, username: string, password: string): Promise<string> {
  const tokens = must(await api.POST("/api/auth/login/", { body: { username, password } }));
  api.use({
    onRequest: ({ request }) => request.headers.set("Authorization", `Bearer ${tokens.access}`),
  });
  return tokens.refresh;
}

/** The titles of what is on. */
export async function titlesNowShowing(api: Marquee, city: string): Promise<string[]> {
  const query = { now_showing: true, city, ordering: ["title" as const], page_size: 100 };
  const page = must(await api.GET("/api/movies/", { params: { query } }));
  return page.results.map((film) => film.title);
}

/** The showtimes of a film that still have seats. */
export async function openShowtimes(api: Marquee, film: number): Promise<number[]> {
  const page = must(await api.GET("/api/showtimes/", { params: { query: { movie: film } } }));
  return page.results.filter((one) => one.sales.open && !one.sold_out).map((one) => one.id);
}

/** The ids of the first `count` free seats. */
export async function freeSeats(api: Marquee, showtime: number, count: number): Promise<number[]> {
  const map = must(await api.GET("/api/seats/", { params: { query: { showtime } } }));
  return map.seats.filter((seat) => seat.status === "free").map((seat) => seat.id).slice(0, count);
}

/** The seats that are gone, or null where nothing has changed since `etag`. */
export async function takenSeats(api: Marquee, id: number, etag: string): Promise<number[] | null> {
  const answer = await api.GET("/api/showtimes/{id}/availability/", {
    params: { path: { id }, header: { "If-None-Match": etag } },
  });
  return answer.response.status === 304 ? null : must(answer).taken;
}

/** Hold seats as a guest, who pays and looks with the booking's `access_key`. */
export async function hold(api: Marquee, showtime: number, seats: number[]): Promise<HeldBooking> {
  const contact = { name: "Ada Byron", email: "ada@example.com" };
  return must(await api.POST("/api/bookings/", { body: { showtime, seats, contact } }));
}

/** What Stripe's Payment Element or PaymentSheet is given. */
export async function secretToPayWith(api: Marquee, held: HeldBooking): Promise<string> {
  const header = { "Access-Key": held.access_key };
  const body = { booking: held.reference };
  return must(await api.POST("/api/payments/", { params: { header }, body })).client_secret;
}

/** The booking, as soon as it is no longer pending: look again until then. */
export async function settled(api: Marquee, held: HeldBooking): Promise<Booking> {
  for (;;) {
    const booking = must(
      await api.GET("/api/bookings/{reference}/", {
        params: { path: { reference: held.reference }, header: { "Access-Key": held.access_key } },
      }),
    );
    if (booking.status !== "pending") return booking;
    await new Promise((later) => setTimeout(later, 1000));
  }
}

/** Give all tickets back; how much money follows, and in which currency. */
export async function cancel(api: Marquee, held: HeldBooking): Promise<string> {
  const booking = must(
    await api.POST("/api/bookings/{reference}/cancel/", {
      params: { path: { reference: held.reference }, header: { "Access-Key": held.access_key } },
      body: {},
    }),
  );
  return `${booking.amount_due_back} ${booking.currency}`;
}
