"""Invented people of twelve origins, with the ways in which people close to them would write their names."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Somebody:
    """Nobody real. Everything but the first three fields is empty where the name has no such form."""

    origin: str
    given: str
    family: str
    middle: str = ""
    pet_names: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    native: str = ""
    native_given: str = ""
    titles: tuple[str, ...] = ()
    particle: str = ""

    @property
    def family_first(self) -> bool:
        return self.origin == "vietnamese"

    @property
    def surname(self) -> str:
        """The surname with what stands before it."""
        blank = "" if self.particle.endswith("-") or not self.particle else " "
        return self.particle + blank + self.family

    @property
    def full(self) -> str:
        """The name as its bearer's papers have it, and as the form of the report gives it."""
        if self.family_first:
            return " ".join(word for word in (self.family, self.middle, self.given) if word)
        return " ".join(word for word in (self.given, self.middle, self.surname) if word)

    @property
    def short(self) -> str:
        """Given name and surname, given name first."""
        return f"{self.given} {self.surname}"


RO = ("doamna", "dna", "domnișoara")
AL = ("zonja", "Znj.")
NG = ("Mama", "Aunty", "Sister")
AR = ("Umm", "Sayyida", "Hajia")
VN = ("chị", "cô", "bé")
PH = ("Ate", "Aling", "Tita")
UA = ("pani", "Ms")
EN = ("Ms", "Mrs.", "Miss")

PEOPLE: tuple[Somebody, ...] = (
    Somebody("romanian", "Ioana", "Popescu", "", ("Ionuca", "Oana", "Nuța"), ("Ioanei Popescu", "Popescului"), native="Иоана Попеску", native_given="Иоана", titles=RO),
    Somebody("romanian", "Ștefania", "Brânză", "", ("Ștefi", "Fani"), ("Ștefaniei",), native="Штефания Брынзэ", titles=RO),
    Somebody("romanian", "Măriuca", "Moldoveanu", "", (), ("Măriucăi",), titles=RO),
    Somebody("romanian", "Elena", "Lăcătuș", "", ("Lenuța", "Ilinca"), ("Elenei Lăcătuș",), native="Елена Лэкэтуш", native_given="Елена", titles=RO),
    Somebody("romanian", "Ecaterina", "Ciobanu", "", ("Catinca", "Tinca"), ("Ecaterinei",), ("Ekaterina", "Caterina"), native="Екатерина Чобану", native_given="Екатерина", titles=RO),
    Somebody("romanian", "Maria", "Grigorescu", "Luminița", ("Măriuca", "Mița"), ("Mariei",), titles=RO),
    Somebody("romanian", "Anișoara", "Țurcanu", "", (), ("Anișoarei",), titles=RO),
    Somebody("romanian", "Crina", "Văcărescu", "", (), ("Crinei",), titles=RO),
    Somebody("albanian", "Mimoza", "Gjonaj", "", ("Moza", "Zana"), ("Mimozës", "Mimozën"), titles=AL),
    Somebody("albanian", "Fatmira", "Kelmendi", "", ("Mira",), ("Fatmirës",), titles=AL),
    Somebody("albanian", "Elona", "Shkreli", "", ("Loni",), ("Elonës",), titles=AL),
    Somebody("albanian", "Besarta", "Hoxhaj", "", (), ("Besartës",), titles=AL),
    Somebody("albanian", "Drita", "Përvizi", "", (), ("Dritës", "Dritën"), titles=AL),
    Somebody("albanian", "Ana", "Mëhilli", "", (), ("Anës", "Anën"), titles=AL),
    Somebody("edo", "Osarugue", "Igbinedion", "", ("Sarugue",), titles=NG),
    Somebody("edo", "Esohe", "Aighobahi", "", (), titles=NG),
    Somebody("edo", "Blessing", "Osagiede", "", (), ("Blessing's",), titles=NG),
    Somebody("edo", "Precious", "Omorodion", "", (), ("Precious's",), titles=NG),
    Somebody("edo", "Joy", "Idahosa", "", (), ("Joy's",), titles=NG),
    Somebody("igbo", "Chidinma", "Okonkwo", "", ("Chi-Chi", "Dinma"), titles=NG),
    Somebody("igbo", "Ngozi", "Nwachukwu", "", (), titles=NG),
    Somebody("igbo", "Favour", "Ezeugo", "", (), titles=NG),
    Somebody("igbo", "Gift", "Anyanwu", "", (), titles=NG),
    Somebody("yoruba", "Oluwaseun", "Adebanjo", "", ("Seun",), titles=NG),
    Somebody("yoruba", "Hope", "Ogunleye", "", (), titles=NG),
    Somebody("yoruba", "Folasade", "Akinwande", "", ("Sade",), titles=NG),
    Somebody("arabic", "Fatima", "Haddad", "", (), spellings=("Fatma", "Fátima", "Faṭima", "Fatimah"), native="فاطمة حداد", native_given="فاطمة", titles=AR),
    Somebody("arabic", "Khadija", "Mansour", "", (), spellings=("Hadija", "Khadidja", "Kadija"), native="خديجة منصور", native_given="خديجة", titles=AR),
    Somebody("arabic", "Zeinab", "Khatib", "", (), spellings=("Zainab", "Zaynab", "Zineb"), native="زينب خطيب", native_given="زينب", titles=AR),
    Somebody("arabic", "Noor", "Zahraa", "", (), spellings=("Nour", "Nur"), titles=AR, particle="al-"),
    Somebody("arabic", "Samira", "Bensalem", "", (), spellings=("Sameera", "Samirah"), native="سميرة بنسالم", native_given="سميرة", titles=AR),
    Somebody("arabic", "Mohammed", "Darwish", "", (), spellings=("Mohamed", "Muhammad", "Mohamad", "Muhammed", "Mehmet"), native="محمد درويش", native_given="محمد", titles=("Abu", "Sheikh")),
    Somebody("vietnamese", "Lan", "Nguyễn", "Thị", titles=VN),
    Somebody("vietnamese", "Hà", "Lê", "Thị", titles=VN),
    Somebody("vietnamese", "Mai", "Trần", "Thị", titles=VN),
    Somebody("vietnamese", "Thu", "Phạm", "Ngọc", titles=VN),
    Somebody("vietnamese", "Phượng", "Đặng", "Thị", titles=VN),
    Somebody("filipino", "Maricel", "Cruz", "", ("Cel",), titles=PH, particle="dela"),
    Somebody("filipino", "Corazon", "Batungbakal", "Maria", ("Cora",), titles=PH),
    Somebody("filipino", "Cherry", "Magbanua", "", (), titles=PH),
    Somebody("filipino", "Rosalinda", "Dimaculangan", "", (), titles=PH),
    Somebody("ukrainian", "Oksana", "Kovalchuk", "", ("Ksenia",), ("Oksany",), ("Oxana",), "Оксана Ковальчук", "Оксана", UA),
    Somebody("ukrainian", "Yuliia", "Shevchuk", "", ("Yulka",), ("Yulii",), ("Yulia", "Iulia"), "Юлія Шевчук", "Юлія", UA),
    Somebody("ukrainian", "Svitlana", "Bondarenko", "", ("Svitlanka",), ("Svitlany",), ("Svetlana",), "Світлана Бондаренко", "Світлана", UA),
    Somebody("ukrainian", "Tetiana", "Melnychuk", "", ("Tania",), ("Tetiany",), ("Tatiana",), "Тетяна Мельничук", "Тетяна", UA),
    Somebody("greek", "Ioanna", "Papadakou", "", (), (), (), "Ιωάννα Παπαδάκου", "Ιωάννα", EN),
    Somebody("english", "Jessica", "Hartwell", "", ("Jess", "Jessie"), ("Jessica's",), titles=EN),
    Somebody("english", "Grace", "Whitcombe", "", (), ("Grace's",), titles=EN),
    Somebody("english", "Melissa", "Braithwaite", "", ("Mel", "Missy"), ("Melissa's",), titles=EN),
    Somebody("english", "Charlotte", "Ingleby", "", ("Lottie",), ("Charlotte's",), titles=EN),
    Somebody("french", "Clémence", "Vasseur", "", (), titles=("Mme", "Mademoiselle")),
    Somebody("french", "Aminata", "Diabaté", "", ("Ami",), titles=("Mme", "Madame")),
)  # fmt: skip
