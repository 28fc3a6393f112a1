"""Error traces of our own writing, as programs print them."""

PYTHON = """Traceback (most recent call last):
  File "/home/mara/bot/main.py", line 41, in on_message
    reply = answers[message.text]
  File "/home/mara/bot/answers.py", line 12, in __getitem__
    return self._known[key]
KeyError: 'hello'
"""
JAVA = """Exception in thread "main" java.lang.IllegalStateException: world 7 is not loaded
\tat net.town.World.tick(World.java:91)
\tat net.town.Server.run(Server.java:33)
\tat java.base/java.lang.Thread.run(Thread.java:833)
Caused by: java.io.IOException: region.dat is locked
\tat net.town.Region.open(Region.java:18)
\t... 2 more
"""
NODE = """/srv/app/index.js:12
    throw new RangeError("too many lamps");
    ^

RangeError: too many lamps
    at light (/srv/app/lamps.js:12:11)
    at async Object.<anonymous> (/srv/app/index.js:4:3)
    at node:internal/main/run_main_module:23:47
"""
KNOWN = {
    "python": (PYTHON, "python", "KeyError"),
    "python with causes": (
        PYTHON
        + "\nDuring handling of the above exception, another exception occurred:\n\n"
        + 'Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n    run()\n'
        + "bot.errors.AnswerMissing: no answer\n",
        "python",
        "bot.errors.AnswerMissing",
    ),
    "python syntax": (
        '  File "lamp.py", line 3\n    if x = 2:\n       ^\nSyntaxError: invalid syntax',
        "python",
        "SyntaxError",
    ),
    "python in a notebook": (
        (
            "-----------------------------------------\n"
            "ZeroDivisionError                         Traceback (most recent call last)\n"
            "<ipython-input-4-9e1622b385b6> in <module>()\n----> 1 1/0\n\n"
            "ZeroDivisionError: division by zero"
        ),
        "python",
        "ZeroDivisionError",
    ),
    "python of a group": (
        (
            "  + Exception Group Traceback (most recent call last):\n"
            '  |   File "x.py", line 3, in <module>\n  |     main()\n'
            "  | ExceptionGroup: two lamps (2 sub-exceptions)\n  +-+---------------- 1 -------\n"
            "    | ValueError: lamp 1\n    +------------------------------------"
        ),
        "python",
        "ExceptionGroup",
    ),
    "python interrupted": (
        (
            'Traceback (most recent call last):\n  File "a.py", line 2, in <module>\n'
            "    wait()\nKeyboardInterrupt"
        ),
        "python",
        "KeyboardInterrupt",
    ),
    "java": (JAVA, "java", "java.lang.IllegalStateException"),
    "kotlin": (
        (
            "kotlin.UninitializedPropertyAccessException: lateinit property lamp has not been set\n"
            "    at town.MainKt.main(Main.kt:5)\n    at town.MainKt.main(Main.kt)"
        ),
        "java",
        "kotlin.UninitializedPropertyAccessException",
    ),
    "android": (
        (
            "03-05 12:00:01.123  2201  2201 E AndroidRuntime: FATAL EXCEPTION: main\n"
            "03-05 12:00:01.123  2201  2201 E AndroidRuntime:"
            " java.lang.NullPointerException: lamp\n"
            "03-05 12:00:01.123  2201  2201 E AndroidRuntime: \tat town.Lamp.light(Lamp.java:3)\n"
            "03-05 12:00:01.123  2201  2201 E AndroidRuntime: \tat town.Main.onCreate(Main.kt:9)"
        ),
        "java",
        "java.lang.NullPointerException",
    ),
    "minecraft": (
        (
            "[12:04:11] [Server thread/ERROR]: Encountered an unexpected exception\n"
            "java.lang.NullPointerException: Ticking entity\n"
            "\tat net.town.Mob.tick(Mob.java:45) ~[town-1.2.jar:?]\n"
            "\tat net.town.World.a(SourceFile:120) [town-1.2.jar:?]"
        ),
        "java",
        "java.lang.NullPointerException",
    ),
    "node": (NODE, "javascript", "RangeError"),
    "typescript": (
        (
            "TypeError: lamp.light is not a function\n"
            "    at Street.dusk (/srv/town/src/street.ts:31:14)\n"
            "    at processTicksAndRejections (node:internal/process/task_queues:95:5)"
        ),
        "javascript",
        "TypeError",
    ),
    "chrome": (
        (
            "Uncaught TypeError: Cannot read properties of undefined (reading 'map')\n"
            "    at LampList (LampList.jsx:14:23)\n    at renderWithHooks (react-dom.js:14985:18)"
        ),
        "javascript",
        "TypeError",
    ),
    "firefox": (
        "light@https://town.example/static/lamps.js:3:9\ndusk@https://town.example/main.js:9:1\n",
        "javascript",
        None,
    ),
    "discord.js": (
        (
            "DiscordAPIError[50013]: Missing Permissions\n"
            "    at handleErrors (/app/node_modules/@discordjs/rest/dist/index.js:687:13)\n"
            "    at async SequentialHandler.runRequest (/app/node_modules/x/index.js:1072:23)"
        ),
        "javascript",
        "DiscordAPIError",
    ),
    "c sharp": (
        (
            "Unhandled exception. System.NullReferenceException: Object reference not set.\n"
            "   at Town.Lamp.Light(Int32 watts) in C:\\src\\Town\\Lamp.cs:line 12\n"
            "   at Town.Program.Main(String[] args) in C:\\src\\Town\\Program.cs:line 5"
        ),
        "csharp",
        "System.NullReferenceException",
    ),
    "c sharp in German": (
        (
            "System.IO.IOException: Die Datei ist gesperrt.\n"
            "   bei Town.Lamp.Light(Int32 watts) in C:\\src\\Lamp.cs:Zeile 12.\n"
            "   bei Town.Program.Main(String[] args) in C:\\src\\Program.cs:Zeile 5."
        ),
        "csharp",
        "System.IO.IOException",
    ),
    "unity": (
        (
            "NullReferenceException: Object reference not set to an instance of an object\n"
            "Town.Lamp.Light (System.Int32 watts) (at Assets/Scripts/Lamp.cs:12)\n"
            "Town.Street.Update () (at Assets/Scripts/Street.cs:40)"
        ),
        "csharp",
        "NullReferenceException",
    ),
    "go": (
        (
            "panic: runtime error: index out of range [5] with length 3\n\ngoroutine 1 [running]:\n"
            "main.light(...)\n\t/home/mara/town/main.go:9\nmain.main()\n"
            "\t/home/mara/town/main.go:15 +0x1d\nexit status 2"
        ),
        "go",
        "panic",
    ),
    "go deadlock": (
        (
            "fatal error: all goroutines are asleep - deadlock!\n\ngoroutine 1 [chan receive]:\n"
            "main.main()\n\t/tmp/x.go:5 +0x2a"
        ),
        "go",
        "fatal error",
    ),
    "rust": (
        (
            "thread 'main' panicked at src/main.rs:4:5:\nlamp 3 is broken\nstack backtrace:\n"
            "   0: rust_begin_unwind\n"
            "             at /rustc/abc/library/std/src/panicking.rs:597:5\n"
            "   1: town::light\n             at ./src/main.rs:4:5"
        ),
        "rust",
        "panic",
    ),
    "old rust": (
        "thread 'main' panicked at 'called `Option::unwrap()` on a `None` value', src/lamp.rs:4:21",
        "rust",
        "panic",
    ),
    "ruby": (
        "lamp.rb:3:in `light': no such lamp (ArgumentError)\n\tfrom lamp.rb:9:in `<main>'",
        "ruby",
        "ArgumentError",
    ),
    "ruby 3.4": (
        "lamp.rb:3:in 'Lamp#light': no such lamp (Town::LampError)\n\tfrom lamp.rb:9:in '<main>'",
        "ruby",
        "Town::LampError",
    ),
    "rails": (
        (
            "ActiveRecord::RecordNotFound (Couldn't find Lamp with 'id'=3):\n\n"
            "app/controllers/lamps_controller.rb:12:in `show'"
        ),
        "ruby",
        "ActiveRecord::RecordNotFound",
    ),
    "php": (
        (
            "PHP Fatal error:  Uncaught DivisionByZeroError: Division by zero in /srv/lamp.php:4\n"
            "Stack trace:\n#0 /srv/index.php(9): light(3)\n#1 {main}\n"
            "  thrown in /srv/lamp.php on line 4"
        ),
        "php",
        "DivisionByZeroError",
    ),
    "dart": (
        (
            "Unhandled exception:\nFormatException: not a lamp\n"
            "#0      light (package:town/lamp.dart:12:5)\n"
            "#1      main (file:///town/bin/main.dart:3:3)"
        ),
        "dart",
        "FormatException",
    ),
    "gdb": (
        (
            "Program received signal SIGSEGV, Segmentation fault.\n"
            "#0  0x0000555555555131 in light (lamp=0x0) at lamp.c:4\n#1  main () at lamp.c:9"
        ),
        "c",
        "SIGSEGV",
    ),
    "address sanitizer": (
        (
            "==4221==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010\n"
            "    #0 0x4f2d3b in light /src/lamp.cc:12:3\n    #1 0x4f2e11 in main /src/main.cc:5:3"
        ),
        "c",
        "AddressSanitizer: heap-use-after-free",
    ),
    "c++": (
        (
            "terminate called after throwing an instance of 'std::out_of_range'\n"
            "  what():  vector::_M_range_check\nAborted (core dumped)"
        ),
        "c",
        "std::out_of_range",
    ),
    "lua": (
        (
            "lua: lamp.lua:3: attempt to index a nil value (global 'lamp')\nstack traceback:\n"
            "\tlamp.lua:3: in function 'light'\n\tlamp.lua:9: in main chunk\n\t[C]: in ?"
        ),
        "lua",
        None,
    ),
    "elixir": (
        (
            "** (ArgumentError) no such lamp\n    (town 0.1.0) lib/lamp.ex:3: Town.Lamp.light/1\n"
            "    (town 0.1.0) lib/town.ex:9: Town.dusk/0"
        ),
        "elixir",
        "ArgumentError",
    ),
}
