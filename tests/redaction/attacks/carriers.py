"""Sentences that carry a planted value, and sentences around them that hold nothing to hide."""

from __future__ import annotations

PERSON: dict[str, tuple[str, ...]] = {
    "en": (
        "{x} told the team that she wanted to leave the house.",
        "The driver shouted at {x} and took the money away.",
        "We met {x} again after the first interview.",
        "According to the file, {x} was kept in a locked room.",
        "The client asked whether {x} could stay with us for longer.",
        "Nobody believed {x} when she asked for help.",
        "A neighbour heard {x} crying at night.",
        "Please do not call {x} on the phone that he gave her.",
    ),
    "fr": (
        "{x} a dit à notre équipe qu'elle voulait quitter la maison.",
        "Le chauffeur a crié sur {x} et a pris tout l'argent.",
        "Nous avons revu {x} après le premier entretien.",
        "Selon le dossier, {x} était enfermée dans une chambre.",
        "La cliente demande si {x} peut rester plus longtemps chez nous.",
        "Personne n'a cru {x} quand elle a demandé de l'aide.",
        "Une voisine a entendu {x} pleurer pendant la nuit.",
    ),
}

THING: dict[str, tuple[str, ...]] = {
    "en": (
        "The note on the back of the form says {x} and nothing else.",
        "He used {x} to reach her while she was locked in.",
        "In the message we read {x} and then it stops.",
        "She showed us {x} on the screen of her phone.",
        "Our colleague wrote down {x} during the call.",
        "The contact was given as {x} by the driver.",
    ),
    "fr": (
        "La note au dos du formulaire indique {x} et rien d'autre.",
        "Il a utilisé {x} pour la joindre pendant qu'elle était enfermée.",
        "Dans le message nous lisons {x} et puis plus rien.",
        "Elle nous a montré {x} sur l'écran de son téléphone.",
        "Notre collègue a noté {x} pendant l'appel.",
        "Le contact donné était {x} selon le chauffeur.",
    ),
}

AROUND: dict[str, tuple[str, ...]] = {
    "en": (
        "The women slept in one room and were not paid for their work.",
        "He kept the keys and said that the debt was not yet paid.",
        "They were told that the police would not believe them.",
        "She could not leave the building without asking first.",
        "The money for the journey was added to what she owed.",
        "Food was brought once a day and there was no heating.",
        "A doctor has seen her and she is safe now.",
        "The door was opened only in the evening when the car came.",
        "She wants to go home and to speak with a lawyer.",
        "He said that he would hurt her family if she talked.",
        "The workers were afraid and did not want to speak.",
        "She was moved to another house after a few weeks.",
    ),
    "fr": (
        "Les femmes dormaient dans une seule chambre et ne recevaient pas de salaire.",
        "Il gardait les clés et disait que la dette n'était pas encore payée.",
        "On leur a dit que la police ne les croirait pas.",
        "Elle ne pouvait pas sortir du bâtiment sans demander.",
        "L'argent du voyage a été ajouté à ce qu'elle devait.",
        "La nourriture arrivait une fois par jour et il faisait froid.",
        "Un médecin l'a vue et elle est en sécurité maintenant.",
        "La porte était ouverte seulement le soir quand la voiture arrivait.",
        "Elle veut rentrer chez elle et parler avec un avocat.",
        "Il disait qu'il ferait du mal à sa famille si elle parlait.",
    ),
}
