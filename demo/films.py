"""The films of the demo. All of them are invented, and so is everybody in them."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Film:
    """`release` is in days from today, `duration` in minutes, `cast` pairs a name and a part."""

    slug: str
    title: str
    original_title: str = ""
    tagline: str
    synopsis: str
    genres: tuple[str, ...]
    language: str
    certificate: str
    minimum_age: int
    duration: int
    release: int
    studio: str
    director: str
    writer: str
    composer: str
    camera: str
    cast: tuple[tuple[str, str], ...]
    formats: tuple[str, ...] = ("2d",)
    popularity: int = 2


FILMS = [
    Film(
        slug="aphelion-nine",
        title="Aphelion Nine",
        tagline="The farthest point is not the end of the orbit",
        synopsis=(
            "Nine people keep a relay station in the rings of Kesh, four years from the nearest "
            "voice. When a supply ship arrives with nobody on board and a log that ends tomorrow, "
            "engineer Ines Okafor has one orbit to find out who wrote it, and why it is in her "
            "own hand."
        ),
        genres=("Science fiction", "Thriller"),
        language="en",
        certificate="FSK 12",
        minimum_age=12,
        duration=148,
        release=-9,
        studio="Farside Pictures",
        director="Margaux Adeyemi",
        writer="Tobias Lindqvist",
        composer="Ruth Hallgrim",
        camera="Jun Okabe",
        cast=(
            ("Naledi Marsh", "Ines Okafor"),
            ("Caspar Wilde", "Commander Rourke"),
            ("Aiko Tanabe", "Dr. Sato"),
            ("Julien Ferrand", "Beaumont"),
            ("Petra Voss", "The voice of Kesh"),
        ),
        formats=("2d", "3d", "imax", "imax_3d", "dolby"),
        popularity=6,
    ),
    Film(
        slug="the-blue-hours",
        title="The Blue Hours",
        original_title="Les Heures bleues",
        tagline="Two windows. One street. No names.",
        synopsis=(
            "Every evening between sunset and dark, a night nurse and a piano tuner see each "
            "other across Rue des Martyrs. They never meet; they begin to leave things on their "
            "window sills instead: a lamp, a chess move, a cake. Then scaffolding goes up between "
            "the two houses."
        ),
        genres=("Romance", "Drama"),
        language="fr",
        certificate="FSK 6",
        minimum_age=6,
        duration=104,
        release=-23,
        studio="Films du Passage",
        director="Océane Delorme",
        writer="Océane Delorme",
        composer="Bastien Roche",
        camera="Yasmine Kaddour",
        cast=(
            ("Élise Montreuil", "Camille"),
            ("Samir Benali", "Adrien"),
            ("Odette Garance", "Madame Pinson"),
            ("Hugo Vasseur", "The foreman"),
        ),
    ),
    Film(
        slug="the-clockmaker-of-gorlitz",
        title="The Clockmaker of Görlitz",
        original_title="Der Uhrmacher von Görlitz",
        tagline="He was asked to stop one hour",
        synopsis=(
            "Saxony, 1904. Master Anselm Krahl keeps the town hall clock that every train and "
            "every factory whistle obeys. On the eve of a strike the mill owner offers him a "
            "fortune to make one night sixty minutes longer, and his daughter asks him to make it "
            "shorter."
        ),
        genres=("History", "Drama"),
        language="de",
        certificate="FSK 12",
        minimum_age=12,
        duration=127,
        release=-16,
        studio="Neiße Film",
        director="Friederike Albrecht",
        writer="Jonas Thalheim",
        composer="Lothar Brandt",
        camera="Mira Sommerfeld",
        cast=(
            ("Ulrich Ahrend", "Anselm Krahl"),
            ("Lena Wolfram", "Johanna Krahl"),
            ("Matthias Rehfeld", "Director Lanz"),
            ("Karolin Seidel", "Agnes"),
            ("Piotr Zielony", "Marek"),
        ),
        popularity=3,
    ),
    Film(
        slug="halflight",
        title="Halflight",
        tagline="Somebody lit the lamp last night",
        synopsis=(
            "The lighthouse on Skerry Ronan has been dark for thirty years. When it begins to "
            "shine again, retired harbour master Ewan Sinclair rows out to put an end to it, and "
            "finds his missing brother's coat on the hook, still wet."
        ),
        genres=("Mystery", "Drama"),
        language="en",
        certificate="FSK 12",
        minimum_age=12,
        duration=112,
        release=-30,
        studio="Ronan & Sons",
        director="Catriona Muir",
        writer="Fergus Baird",
        composer="Isla Drummond",
        camera="Hamish Orr",
        cast=(
            ("Alasdair Kerr", "Ewan Sinclair"),
            ("Morag Tennant", "Effie"),
            ("Callum Reid", "Young Ewan"),
            ("Tom Ashdown", "Inspector Bell"),
        ),
        formats=("2d", "dolby"),
        popularity=3,
    ),
    Film(
        slug="the-house-below-the-house",
        title="The House Below the House",
        tagline="Don't count the windows",
        synopsis=(
            "The Marlowes inherit a house with eleven windows. At night, from the garden, Nora "
            "counts twelve. Her son has already found the stairs that lead down to where the "
            "lights are on, and to a family that has been waiting for guests."
        ),
        genres=("Horror",),
        language="en",
        certificate="FSK 16",
        minimum_age=16,
        duration=98,
        release=-5,
        studio="Twelfth Window",
        director="Silas Greer",
        writer="Dana Whitlock",
        composer="Otis Vane",
        camera="Rosalind Pike",
        cast=(
            ("Imogen Hale", "Nora Marlowe"),
            ("Daniel Osei", "Peter Marlowe"),
            ("Theo Blackwood", "Sam"),
            ("Vera Lindholm", "The other Nora"),
        ),
        formats=("2d", "dolby"),
        popularity=4,
    ),
    Film(
        slug="the-great-marzipan-heist",
        title="The Great Marzipan Heist",
        tagline="Small paws. Big cake. No crumbs.",
        synopsis=(
            "The finest recipe in the world is locked in a safe, and the safe is baked into a "
            "wedding cake. Three mice, one rope and a hamster who used to be a locksmith have "
            "until the cutting of the cake to get it back to the little bakery it was stolen from."
        ),
        genres=("Animation", "Family", "Comedy"),
        language="en",
        certificate="FSK 0",
        minimum_age=0,
        duration=89,
        release=-12,
        studio="Buttercup Animation",
        director="Poppy Hargreaves",
        writer="Leo Santangelo",
        composer="Benny Quill",
        camera="Marit Aas",
        cast=(
            ("Dot Fairweather", "Pip (voice)"),
            ("Gus Moreno", "Baron Crumb (voice)"),
            ("Tilly Okoro", "Fudge (voice)"),
            ("Max Rutherford", "Knacks the hamster (voice)"),
        ),
        formats=("2d", "3d"),
        popularity=5,
    ),
    Film(
        slug="monsoon-express",
        title="Monsoon Express",
        original_title="मानसून एक्सप्रेस",
        tagline="1,400 kilometres. 9 weddings. 1 train.",
        synopsis=(
            "When the rains close every road on the Konkan coast, nine wedding parties squeeze "
            "into one train, and nobody gets off at the right station. Ticket inspector Meera has "
            "until Mumbai to find a runaway groom, a lost necklace, and a reason not to fall for "
            "the trombone player in coach S7."
        ),
        genres=("Comedy", "Musical", "Romance"),
        language="hi",
        certificate="FSK 6",
        minimum_age=6,
        duration=156,
        release=-2,
        studio="Gulmohar Talkies",
        director="Rukmini Deshpande",
        writer="Arjun Vaidya",
        composer="Shankar-Lobo",
        camera="Farida Contractor",
        cast=(
            ("Anoushka Rane", "Meera Kulkarni"),
            ("Vikram Sethna", "Joy D'Mello"),
            ("Lalita Bhonsle", "Grandmother Tai"),
            ("Kabir Malhotra", "The groom"),
            ("Zoya Irani", "The bride"),
        ),
        popularity=3,
    ),
    Film(
        slug="paper-cranes-at-low-tide",
        title="Paper Cranes at Low Tide",
        original_title="引き潮の折り鶴",
        tagline="A wish takes a thousand folds",
        synopsis=(
            "On an island that the tide cuts off twice a day, ten-year-old Hana folds a crane for "
            "every boat that does not come home. On the night of the thousandth crane the birds "
            "open their wings, and ask her to come along."
        ),
        genres=("Animation", "Fantasy", "Family"),
        language="ja",
        certificate="FSK 6",
        minimum_age=6,
        duration=109,
        release=-19,
        studio="Studio Kazanami",
        director="Haruko Minase",
        writer="Haruko Minase",
        composer="Daigo Shirane",
        camera="Ren Uehara",
        cast=(
            ("Mio Asakawa", "Hana (voice)"),
            ("Kenta Hoshino", "Uncle Goro (voice)"),
            ("Sayuri Tachibana", "The crane (voice)"),
            ("Takeshi Onuma", "The harbour priest (voice)"),
        ),
        formats=("2d", "imax"),
        popularity=4,
    ),
    Film(
        slug="salt-cathedral",
        title="Salt Cathedral",
        tagline="They dug for salt. They found the dark.",
        synopsis=(
            "Two hundred metres under the Carpathians, generations of miners have carved a "
            "cathedral out of salt. When the pumps fail, the youngest of them has to lead sixty "
            "pilgrims up through galleries that are on no map, with one lantern and her "
            "grandfather's songs for a compass."
        ),
        genres=("Adventure", "Drama"),
        language="en",
        certificate="PG-13",
        minimum_age=12,
        duration=134,
        release=-6,
        studio="Halite Pictures",
        director="Ioana Petrescu",
        writer="Greg Hollister",
        composer="Wanda Ostrow",
        camera="Emil Barta",
        cast=(
            ("Zofia Maren", "Ilka"),
            ("Viggo Stern", "Father Matei"),
            ("Harriet Cole", "Dr. Lang"),
            ("Andrei Codrin", "Grandfather"),
        ),
        formats=("2d", "imax", "dolby", "70mm"),
        popularity=5,
    ),
    Film(
        slug="redline-sierra",
        title="Redline Sierra",
        original_title="Sierra al rojo",
        tagline="No brakes after midnight",
        synopsis=(
            "Lola Reyes delivers cars over the mountains for people who don't ask. Her last run "
            "has a full tank, a locked boot, six hours to the coast, and the three fastest drivers "
            "in Andalusia in the mirror. One of them is her mother."
        ),
        genres=("Action", "Thriller"),
        language="es",
        certificate="FSK 16",
        minimum_age=16,
        duration=101,
        release=12,
        studio="Cine Gasolina",
        director="Nuria Cifuentes",
        writer="Paco Valdivia",
        composer="Neón Sur",
        camera="Iker Salinas",
        cast=(
            ("Lucía Montalbán", "Lola Reyes"),
            ("Carmen Iturbe", "La Jefa"),
            ("Rafa Quintero", "Chispa"),
            ("Diego Armas", "Comandante Ruiz"),
        ),
        formats=("2d", "dolby"),
        popularity=5,
    ),
    Film(
        slug="a-thousand-small-boats",
        title="A Thousand Small Boats",
        tagline="The fleet that the maps forgot",
        synopsis=(
            "For three years Amara Diallo sailed with the last fishing fleet of the Saloum delta, "
            "a floating town with its own court, school and songs. Her film counts the boats as "
            "they leave, one by one, and stays with the only one that turns around."
        ),
        genres=("Documentary",),
        language="en",
        certificate="FSK 0",
        minimum_age=0,
        duration=94,
        release=19,
        studio="Estuary Films",
        director="Amara Diallo",
        writer="Amara Diallo",
        composer="Seckou Faye",
        camera="Nils Overgaard",
        cast=(("Mame Coumba Sarr", "Herself"), ("Ousmane Ndour", "Himself")),
        popularity=1,
    ),
    Film(
        slug="winter-tracks",
        title="Winter Tracks",
        original_title="Vinterspor",
        tagline="One set of footprints. Two people missing.",
        synopsis=(
            "A woman walks out of the Finnmark forest in a coat that belongs to somebody else. "
            "Sheriff Ragnhild Moe has four hours of daylight to follow her tracks backwards, "
            "before the snow does what snow does."
        ),
        genres=("Crime", "Thriller"),
        language="no",
        certificate="FSK 16",
        minimum_age=16,
        duration=117,
        release=33,
        studio="Nordlys Drama",
        director="Sunniva Brekke",
        writer="Eirik Hovland",
        composer="Tuva Nygård",
        camera="Aslak Berg",
        cast=(
            ("Ingrid Solheim", "Ragnhild Moe"),
            ("Maja Lien", "The woman in red"),
            ("Odd Fjellstad", "Deputy Kåre"),
            ("Aino Sara", "Biret"),
        ),
        popularity=3,
    ),
]
