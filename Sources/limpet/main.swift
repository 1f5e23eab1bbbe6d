import LimpetCommands

await LimpetCommand.runToExit()
